import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

export interface Member {
  name: string;
  /** Of a choice. */
  value?: string;
  description: string;
  /** Text of `@default`: a literal, or "- " and behaviour. */
  fallback?: string;
}

/** A class, an interface or a table of choices, and the comments in it. */
export interface Documented {
  description: string;
  isComponent: boolean;
  members: Member[];
}

/** The comments of everything exported in `components/`, by name; an interface has its parents' members too. */
export function readDocumentation(root: string): Record<string, Documented> {
  const found: Record<string, Documented> = {};
  const parents: Record<string, string[]> = {};
  for (const file of readdirSync(join(root, "components"), { recursive: true }) as string[]) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(root, "components", file), "utf8");
    ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) {
        const name = node.name?.text ?? "";
        const heirs = node.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
        found[name] = {
          description: descriptionOf(node),
          isComponent: heirs?.includes("pulumi.ComponentResource") ?? false,
          members: [...node.members].filter(isProperty).map((member) => memberOf(member)),
        };
        if (heirs) parents[name] = heirs;
      } else if (ts.isVariableStatement(node)) {
        for (const declaration of node.declarationList.declarations) {
          const choices = choicesOf(declaration);
          if (choices)
            found[declaration.name.getText()] = {
              description: descriptionOf(node),
              isComponent: false,
              members: choices,
            };
        }
      }
    });
  }
  const inherited = (name: string): Member[] =>
    (parents[name] ?? []).flatMap((parent) => [...(found[parent]?.members ?? []), ...inherited(parent)]);
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => [name, { ...one, members: [...one.members, ...inherited(name)] }]),
  );
}

function isProperty(node: ts.Node): node is ts.PropertySignature | ts.PropertyDeclaration {
  return ts.isPropertySignature(node) || ts.isPropertyDeclaration(node);
}

function memberOf(node: ts.PropertySignature | ts.PropertyDeclaration): Member {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  const member = { name: node.name.getText(), description: descriptionOf(node) };
  return tag ? { ...member, fallback: ts.getTextOfJSDocComment(tag.comment) } : member;
}

/** Choices are an object `as const`, which the analyzer requires. */
function choicesOf({ initializer }: ts.VariableDeclaration): Member[] | undefined {
  if (!initializer || !ts.isAsExpression(initializer) || !ts.isObjectLiteralExpression(initializer.expression))
    return undefined;
  return initializer.expression.properties
    .filter(ts.isPropertyAssignment)
    .filter((property) => ts.isStringLiteral(property.initializer))
    .map((property) => ({
      name: property.name.getText(),
      value: (property.initializer as ts.StringLiteral).text,
      description: descriptionOf(property),
    }));
}

function descriptionOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join("\n");
}
