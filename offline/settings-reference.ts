import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A property that users fill in. */
export interface Property {
  name: string;
  optional: boolean;
  /** Accepts an Output of another resource. */
  output: boolean;
  type: string;
  /** Interface or choice in the type. */
  refers: string | undefined;
  text: string;
  /** Text of the tag `default`. */
  fallback: string;
}

/** A public interface. */
export interface Noun {
  name: string;
  text: string;
  parents: string[];
  /** Its own properties, without those of its parents. */
  own: Property[];
}

/** An enum of the schema. */
export interface Choice {
  name: string;
  text: string;
  values: string[];
}

export interface Types {
  nouns: Map<string, Noun>;
  choices: Map<string, Choice>;
  /** Names of the components. */
  classes: Set<string>;
}

const root = join(__dirname, "..");
const chain = "FastDisksArgs";

/** Interfaces and choices of the manifests. Read as syntax: checking the types would take seconds. */
export function readTypes(): Types {
  const folder = join(root, "components", "manifests");
  const types: Types = { nouns: new Map(), choices: new Map(), classes: readClasses() };
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), "utf8");
    ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Args"))
        types.nouns.set(node.name.text, nounOf(node));
      if (ts.isVariableStatement(node)) for (const choice of choicesIn(node)) types.choices.set(choice.name, choice);
    });
  }
  return types;
}

function readClasses(): Set<string> {
  const folder = join(root, "components");
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^export class (\w+)/gm)].map(([, name = ""]) => name)));
}

function nounOf(node: ts.InterfaceDeclaration): Noun {
  const parents = (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => expression.getText()),
  );
  const own = node.members.filter(ts.isPropertySignature).map(propertyOf);
  return { name: node.name.text, text: docOf(node).text, parents, own };
}

function propertyOf(member: ts.PropertySignature): Property {
  const { text, fallback } = docOf(member);
  const type = member.type ? describe(member.type) : "";
  return {
    name: member.name.getText(),
    optional: member.questionToken !== undefined,
    output: member.type?.getText().startsWith("pulumi.Input<") === true,
    type,
    refers: /\b[A-Z]\w+$/.exec(type)?.[0],
    text,
    fallback,
  };
}

/** A type in words, without Pulumi's wrappers. */
function describe(node: ts.TypeNode): string {
  if (ts.isArrayTypeNode(node)) return `list of ${describe(node.elementType)}`;
  if (ts.isTypeReferenceNode(node)) {
    const [first, second] = node.typeArguments ?? [];
    if (first && node.typeName.getText() === "pulumi.Input") return describe(first);
    if (second && node.typeName.getText() === "Record") return `table of ${describe(second)}`;
  }
  const words: Record<string, string> = { string: "text", boolean: "true or false", any: "any value" };
  return words[node.getText()] ?? node.getText();
}

function choicesIn(statement: ts.VariableStatement): Choice[] {
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    if (!initializer || !ts.isAsExpression(initializer) || !/^[A-Z]/.test(name.getText())) return [];
    const { expression } = initializer;
    if (!ts.isObjectLiteralExpression(expression)) return [];
    const values = expression.properties.flatMap((one) =>
      ts.isPropertyAssignment(one) && ts.isStringLiteral(one.initializer) ? [one.initializer.text] : [],
    );
    return [{ name: name.getText(), text: docOf(statement).text, values }];
  });
}

function docOf(node: ts.Node): { text: string; fallback: string } {
  const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === "default");
  return { text: oneLine(doc?.comment), fallback: oneLine(tag?.comment).replace(/^- /, "") };
}

function oneLine(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/\s+/g, " ").trim();
}

/** A name in camelCase as Pulumi's generator for Python writes it. */
export function pythonName(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2");
  return words.toLowerCase();
}

/** A name in camelCase as Pulumi's generators for Go and C# write it. */
export function pascalName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A noun's properties with those of its parents. */
export function propertiesOf({ nouns }: Types, noun: Noun): Property[] {
  return [...noun.own, ...noun.parents.flatMap((name) => inheritedFrom({ nouns }, name))];
}

function inheritedFrom(types: Pick<Types, "nouns">, name: string): Property[] {
  const parent = types.nouns.get(name);
  return parent ? propertiesOf(types as Types, parent) : [];
}

/** Paths of a stack file, by noun. */
export function pathsOf(types: Types, name = chain, path = ""): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const noun = types.nouns.get(name);
  for (const property of noun ? propertiesOf(types, noun) : []) {
    const { refers, type } = property;
    if (refers === undefined || !types.nouns.has(refers)) continue;
    const item = type.startsWith("table") ? ".<name>" : type.startsWith("list") ? ".<n>" : "";
    const here = `${path === "" ? "" : `${path}.`}${property.name}${item}`;
    found.set(refers, [...(found.get(refers) ?? []), here]);
    for (const [inner, paths] of pathsOf(types, refers, here))
      found.set(inner, [...(found.get(inner) ?? []), ...paths]);
  }
  return found;
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return words.trim().replaceAll(/\s/g, "-");
}

const introduction = `# Settings

<!-- Written by \`npm run changes\` from the types in components/manifests/. -->

[Contents](README.md)

In a stack file the settings are below \`eks-fast-disks:\`, in a program they are the arguments of \`FastDisks\`. The first part
of this page is ordered by the path of the setting, the second part lists the other arguments of single components. All
errors are reported at once, each with its path, rule, value and likely fix. Settings can be secrets; the plan replaces them
with examples. What a change of each setting does to a running stack is in [changes.md](changes.md).

Names are written as in TypeScript, Java and YAML. Python names are in a column; Go and C# write the first letter as a capital
(\`cidrBlock\` is \`CidrBlock\`). \`<name>\` is a name that you choose, \`<n>\` the number of an entry from 0. A setting accepts
an Output of another resource, unless its type says "known before": such settings decide which resources exist.
`;

export function renderSettings(types: Types): string {
  const paths = pathsOf(types);
  const headings = headingsOf(types, paths);
  const inChain = [...paths.keys()].map((name) => renderNoun(types, headings, name, paths.get(name) ?? []));
  const single = [...types.nouns.keys()]
    .filter((name) => name !== chain && !paths.has(name) && !isParentOnly(types, name))
    .sort()
    .map((name) => renderNoun(types, headings, name, []));
  return [
    introduction,
    renderNoun(types, headings, chain, []),
    ...inChain,
    "## Arguments of single components\n\nEach section is a class of the package.\n",
    ...single,
  ].join("\n");
}

/** Whether it is only a parent of other nouns and has no path. */
function isParentOnly(types: Types, name: string): boolean {
  const children = [...types.nouns.values()].filter(({ parents }) => parents.includes(name));
  const required = types.nouns.get(name)?.own.some(({ optional }) => !optional) === true;
  const hasPlace = types.classes.has(name.replace(/Args$/, "")) || pathsOf(types).has(name);
  return children.length > 0 && !(required && hasPlace);
}

function headingsOf(types: Types, paths: Map<string, string[]>): Map<string, string> {
  return new Map(
    [...types.nouns.keys()].map((name) => {
      const [path] = paths.get(name) ?? [];
      return [name, path ?? `Class ${name.replace(/Args$/, "")}`];
    }),
  );
}

function renderNoun(types: Types, headings: Map<string, string>, name: string, paths: string[]): string {
  const noun = types.nouns.get(name);
  if (!noun) throw new Error(`no interface ${name}`);
  // For a component, only the properties that are in no other table.
  const linked = paths.length > 0 ? [] : noun.parents.filter((parent) => !isParentOnly(types, parent));
  const inlined = noun.parents
    .filter((parent) => !linked.includes(parent))
    .flatMap((parent) => types.nouns.get(parent) ?? []);
  const properties = [...noun.own, ...inlined.flatMap((parent) => propertiesOf(types, parent))];
  const heading = headings.get(name) ?? name;
  const further = paths.slice(1).map((path) => `\`${path}\``);
  const link = (target: string) => `[${headings.get(target) ?? target}](#${anchorOf(headings.get(target) ?? target)})`;
  const lines = [
    `### ${paths.length > 0 ? `\`${heading}\`` : heading}`,
    "",
    `${noun.text.replaceAll("<", "&lt;")}${further.length > 0 ? ` Also at ${further.join(", ")}.` : ""} Type \`${name}\`.`,
    ...(linked.length > 0 ? ["", `All settings of ${linked.map(link).join(", ")}, and:`] : []),
    "",
    "| setting | type | meaning | default | Python |",
    "| --- | --- | --- | --- | --- |",
    ...properties.map((property) => renderRow(types, headings, property)),
    "",
  ];
  return lines.join("\n");
}

function renderRow(types: Types, headings: Map<string, string>, property: Property): string {
  const { name, optional, text, fallback } = property;
  const missing = optional ? (/^Excludes|Excludes `/.test(text) ? "" : "none") : "required";
  const literal = /^("|\[|\{|\d|true$|false$)/.test(fallback) ? `\`${fallback}\`` : fallback;
  const cells = [`\`${name}\``, renderType(types, headings, property), text, literal || missing];
  return `| ${[...cells, `\`${pythonName(name)}\``].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function renderType({ nouns, choices }: Types, headings: Map<string, string>, property: Property): string {
  const { type, refers, output } = property;
  const known = output ? "" : ", known before";
  if (refers === undefined) return type + known;
  const values = choices.get(refers)?.values.map((value) => `\`${value}\``);
  if (values) return type.replace(refers, values.join(", ")) + known;
  if (!nouns.has(refers)) return type + known;
  return type.replace(refers, `[${refers}](#${anchorOf(headings.get(refers) ?? refers)})`);
}

function main(): void {
  writeFileSync(join(root, "docs", "settings.md"), renderSettings(readTypes()));
}

if (require.main === module) main();
