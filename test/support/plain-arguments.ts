import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { isOutputValue } from "./monitor";

/** Package and file that declare the arguments of a remote component, by its type. */
const declarations: Record<string, [file: string, name: string] | undefined> = {
  "eks:index:Cluster": ["@pulumi/eks/cluster.d.ts", "ClusterArgs"],
};

/** Paths of arguments that the SDK's types call plain, and that travel as Outputs. */
export function outputsInPlainArguments(type: string, inputs: Record<string, unknown>): string[] {
  const declaration = declarations[type];
  if (!declaration)
    throw new Error(`say in test/support/plain-arguments.ts where the arguments of ${type} are declared`);
  const [file, name] = declaration;
  const folder = dirname(require.resolve(`${file.split("/").slice(0, 2).join("/")}/package.json`));
  const path = join(folder, ...file.split("/").slice(2));
  const shared = [join(folder, "types", "input.d.ts")].filter((candidate) => existsSync(candidate));
  return inspect(ts.factory.createTypeReferenceNode(name), inputs, interfacesOf([path, ...shared]), type);
}

/** Top-level arguments that the SDK's types call plain. */
export function plainArguments(type: string): string[] {
  const declaration = declarations[type];
  if (!declaration) return [];
  const [file, name] = declaration;
  const folder = dirname(require.resolve(`${file.split("/").slice(0, 2).join("/")}/package.json`));
  const members = interfacesOf([join(folder, ...file.split("/").slice(2))]).get(name)?.members ?? [];
  return members
    .flatMap((member) => (ts.isPropertySignature(member) ? [member] : []))
    .filter((member) => member.type !== undefined && !isInput(member.type))
    .map((member) => nameOf(member.name));
}

type Interfaces = Map<string, ts.InterfaceDeclaration>;

const cache = new Map<string, Interfaces>();

// By last name: no two of the SDK's argument types that we meet share theirs.
function interfacesOf(files: string[]): Interfaces {
  const key = files.join();
  const known = cache.get(key);
  if (known) return known;
  const found: Interfaces = new Map();
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    else if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node) || ts.isSourceFile(node))
      ts.forEachChild(node, visit);
  };
  for (const file of files) visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022));
  cache.set(key, found);
  return found;
}

function inspect(type: ts.TypeNode, value: unknown, interfaces: Interfaces, path: string): string[] {
  if (isInput(type) || value === undefined || value === null) return [];
  if (isOutputValue(value)) return [path];
  if (typeof value !== "object") return [];
  if (ts.isArrayTypeNode(type))
    return Object.entries(value).flatMap(([index, item]) =>
      inspect(type.elementType, item, interfaces, `${path}[${index}]`),
    );
  const members = ts.isTypeLiteralNode(type)
    ? type.members
    : ts.isTypeReferenceNode(type)
      ? (interfaces.get(lastName(type.typeName))?.members ?? [])
      : [];
  const properties = members.flatMap((member) => (ts.isPropertySignature(member) ? [member] : []));
  const [index] = members.flatMap((member) => (ts.isIndexSignatureDeclaration(member) ? [member] : []));
  return Object.entries(value).flatMap(([key, item]) => {
    const property = properties.find((member) => nameOf(member.name) === key);
    const of = property?.type ?? index?.type;
    return of ? inspect(of, item, interfaces, `${path}.${key}`) : [];
  });
}

/** `pulumi.Input<…>`, `pulumi.Output<…>`, or a union with one of them. */
function isInput(type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some(isInput);
  return ts.isTypeReferenceNode(type) && ["Input", "Output"].includes(lastName(type.typeName));
}

function lastName(name: ts.EntityName): string {
  return ts.isQualifiedName(name) ? name.right.text : name.text;
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "";
}
