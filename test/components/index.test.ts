import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import * as surface from "../../components";

/** Arguments that decide which resources exist or what they are called; `Interface.property`. */
const plain = [
  // New or existing network.
  "FastDisksArgs.network",
  "NetworkArgs.newVpc",
  "NetworkArgs.existingVpc",
  "VpcArgs.newVpc",
  "VpcArgs.existingVpc",
  // How many zones, which, and how many NAT gateways.
  "NewVpcArgs.zones",
  "NewVpcArgs.zoneNames",
  "NewVpcArgs.natGateways",
  // Parts of the chain, whose properties are Inputs.
  "FastDisksArgs.cluster",
  "FastDisksArgs.existingCluster",
  "FastDisksArgs.existingKarpenter",
  "FastDisksArgs.bottlerocket",
  "FastDisksArgs.systemNodes",
  "FastDisksArgs.bootImage",
  "FastDisksArgs.karpenter",
  "FastDisksArgs.diskController",
  "FastDisksArgs.nodeCleanup",
  "FastDisksArgs.monitoring",
  "FastDisksArgs.prometheus",
  // Names: pools, classes, admins, add-ons.
  "FastDisksArgs.pools",
  "FastDisksArgs.nodeGroups",
  "FastDisksArgs.storageClasses",
  "LocalVolumesArgs.storageClasses",
  "MonitoringArgs.storageClasses",
  "ControlPlaneArgs.admins",
  "ClusterArgs.admins",
  "AddOnsArgs.versions",
  // Whether an image is built, and its repository left.
  "ImageSourceArgs.forceDelete",
  "BootImageArgs.forceDelete",
  "DiskControllerArgs.forceDelete",
  // Which event rules exist.
  "KarpenterSettingsArgs.onMaintenance",
  "InterruptionQueueArgs.onMaintenance",
  // Options of resources.
  "ControlPlaneArgs.deletionProtection",
  "ClusterArgs.deletionProtection",
  "ExistingClusterSettingsArgs.deletionProtection",
  // Which releases, images and labels exist.
  "DiskNodesArgs.discovery",
  "DiskNodeGroupSettingsArgs.discovery",
  "DiskNodeGroupArgs.discovery",
  "PoolArgs.discovery",
  "NodePoolArgs.discovery",
  "DiskNodesArgs.storageClass",
  "DiskNodeGroupSettingsArgs.storageClass",
  "DiskNodeGroupArgs.storageClass",
  // Whether NodeOverlays exist.
  "FastDisksArgs.capacity",
  "NodePoolArgs.capacity",
  "PoolArgs.storageClass",
  "NodePoolArgs.storageClass",
];

interface Property {
  interface: string;
  name: string;
  type: ts.TypeNode | undefined;
  documented: boolean;
}

interface Declared {
  declaration: ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
  file: ts.SourceFile;
}

/** Interfaces and type aliases of the public sources, by name, by their text alone: types are not resolved. */
function declarations(): Map<string, Declared> {
  const found = new Map<string, Declared>();
  const files = ts.sys.readDirectory(resolve("components"), [".ts"]);
  for (const path of files) {
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    for (const statement of file.statements)
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
        if (isExported(statement)) found.set(statement.name.text, { declaration: statement, file });
  }
  return found;
}

function isExported(statement: ts.InterfaceDeclaration | ts.TypeAliasDeclaration): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isDocumented(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).length > 0;
}

/** The interface behind a name, through aliases such as `type AArgs = A`. */
function interfaceOf(name: string, declared: Map<string, Declared>): ts.InterfaceDeclaration | undefined {
  const declaration = declared.get(name)?.declaration;
  if (!declaration || ts.isInterfaceDeclaration(declaration)) return declaration;
  const { type } = declaration;
  return ts.isTypeReferenceNode(type) ? interfaceOf(type.typeName.getText(), declared) : undefined;
}

function propertiesOf(name: string, declared: Map<string, Declared>, as = name): Property[] {
  const declaration = interfaceOf(name, declared);
  assert.ok(declaration, `${name} is not an exported interface of components/`);
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression));
  return [
    ...bases.flatMap((base) => propertiesOf(base.getText(), declared, as)),
    ...declaration.members.flatMap((member) =>
      ts.isPropertySignature(member)
        ? [{ interface: as, name: member.name.getText(), type: member.type, documented: isDocumented(member) }]
        : [],
    ),
  ];
}

function referencesIn(node: ts.Node): string[] {
  const own = ts.isTypeReferenceNode(node) ? [node.typeName.getText()] : [];
  const inner: string[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...referencesIn(child));
  });
  return [...own, ...inner];
}

const isInput = (type: ts.TypeNode | undefined) => type?.getText().startsWith("pulumi.Input<") ?? false;

/** What is below an Input must be one too, up to the last list and table. */
function plainInside(type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  if (ts.isArrayTypeNode(type)) return !isInput(type.elementType) || plainInside(type.elementType);
  if (!ts.isTypeReferenceNode(type)) return false;
  const [first, second] = type.typeArguments ?? [];
  const name = type.typeName.getText();
  if (name === "pulumi.Input") return plainInside(first);
  if (name !== "Record" || second?.kind === ts.SyntaxKind.AnyKeyword) return false;
  return !isInput(second) || plainInside(second);
}

describe("the public surface", () => {
  const declared = declarations();
  const index = readFileSync("components/index.ts", "utf8");
  const exported = new Set(
    [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = ""]) => list.match(/\w+/g) ?? []),
  );
  const args = [...exported].filter((name) => name.endsWith("Args"));
  const properties = args.flatMap((name) => propertiesOf(name, declared));

  it("has every interface of arguments, and every type that one mentions", () => {
    assert.ok(args.length >= 29, String(args.length));
    const written = [...declared.keys()].filter((name) => name.endsWith("Args"));
    assert.deepEqual(
      written.filter((name) => !exported.has(name)),
      [],
    );
    const mentioned = properties.flatMap(({ type }) => (type ? referencesIn(type) : []));
    assert.deepEqual(
      [...new Set(mentioned)].filter((name) => declared.has(name) && !exported.has(name)),
      [],
    );
  });

  it("takes an Input for every argument but those that decide which resources exist", () => {
    assert.ok(properties.length > 100, String(properties.length));
    const wrong = properties.filter(({ type }) => !isInput(type)).map((one) => `${one.interface}.${one.name}`);
    assert.deepEqual(wrong.sort(), plain.slice().sort());
  });

  it("takes an Input for every item of a list and value of a table", () => {
    const wrong = properties.filter(({ type }) => isInput(type) && plainInside(type));
    assert.deepEqual(
      wrong.map((one) => `${one.interface}.${one.name}`),
      [],
    );
  });

  it("documents every interface and property", () => {
    const silent = [
      ...args.filter((name) => !isDocumented(interfaceOf(name, declared)!)),
      ...properties.filter(({ documented }) => !documented).map((one) => `${one.interface}.${one.name}`),
    ];
    assert.deepEqual(silent, []);
  });

  const classes = Object.entries(surface).filter(
    ([, value]) => typeof value === "function" && /^class /.test(value.toString()),
  );

  it("has sixteen components, each of whose fields are its outputs, all of them registered", () => {
    assert.equal(classes.length, 16);
    for (const [name] of classes) {
      const path = `components/${name.replace(/(?<=.)([A-Z])/g, "-$1").toLowerCase()}.ts`;
      const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
      const declaration = source.statements.find(ts.isClassDeclaration);
      assert.ok(declaration?.name?.text === name && isDocumented(declaration), name);
      const fields = declaration.members
        .filter(ts.isPropertyDeclaration)
        .map((field) => field.name.getText())
        .sort();
      for (const field of declaration.members.filter(ts.isPropertyDeclaration)) {
        const modifiers = field.modifiers?.map(({ kind }) => kind);
        assert.deepEqual(modifiers, [ts.SyntaxKind.ReadonlyKeyword], `${name}.${field.name.getText()}`);
        assert.match(field.type?.getText() ?? "", /^pulumi\.Output</, `${name}.${field.name.getText()}`);
      }
      // C# cannot compile a member that is called as its class.
      assert.ok(!fields.some((field) => field.toLowerCase() === name.toLowerCase()), name);
      const [, registered = ""] = /registerOutputs\(\{([^}]*)\}\)/.exec(source.text) ?? [];
      const outputs = [...registered.matchAll(/(\w+): this\.\1/g)].map(([, field]) => field);
      assert.deepEqual(outputs.sort(), fields, name);
    }
  });
});
