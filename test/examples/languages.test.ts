import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { pascalName, propertiesOf, pythonName, readTypes } from "../../offline/settings-reference";
import type { Property } from "../../offline/settings-reference";

const types = readTypes();
const read = (file: string) => readFileSync(`examples/${file}`, "utf8");

/** What a program states, in the order in which it does. */
interface Stated {
  /** Names of arguments, in camelCase. */
  names: string[];
  /** Interfaces of the arguments that are objects. */
  classes: string[];
  /** Arguments that are objects, outside of tables; with `&` those that are optional, which Go takes as pointers. */
  objects: string[];
  /** Names of the user's own, texts and numbers. */
  values: string[];
  errors: string[];
}

const nothingStated = (): Stated => ({ names: [], classes: [], objects: [], values: [], errors: [] });

/** Walks arguments by the types that the package's schema is made of. */
function walk(noun: string, value: unknown, path: string, into: Stated): Stated {
  const found = types.nouns.get(noun);
  if (!found || typeof value !== "object" || value === null) {
    into.errors.push(`${path}: must be ${noun}`);
    return into;
  }
  const properties = propertiesOf(types, found);
  const args = value as Record<string, unknown>;
  for (const { name, optional } of properties)
    if (!optional && !(name in args)) into.errors.push(`${path}.${name}: is missing`);
  for (const [key, item] of Object.entries(args)) {
    const property = properties.find(({ name }) => name === key);
    into.names.push(key);
    if (property && types.nouns.has(property.type))
      into.objects.push(`${pascalName(key)}: ${property.optional ? "&" : ""}`);
    if (property) walkValue(property, property.type, item, `${path}.${key}`, into);
    else into.errors.push(`${path}.${key}: is no argument`);
  }
  return into;
}

function walkValue(property: Property, type: string, value: unknown, path: string, into: Stated): void {
  const [, container, inner = ""] = /^(list|table) of (.*)$/.exec(type) ?? [];
  if (container === "list" && Array.isArray(value)) {
    for (const item of value) walkValue(property, inner, item, path, into);
  } else if (container === "table" && typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      into.values.push(key);
      walkValue(property, inner, item, `${path}.${key}`, into);
    }
  } else if (types.nouns.has(type)) {
    into.classes.push(type);
    walk(type, value, path, into);
  } else {
    const choice = types.choices.get(type);
    const kind = { text: "string", number: "number", "true or false": "boolean" }[type] ?? "string";
    const fits = choice ? choice.values.includes(String(value)) : typeof value === kind;
    into.values.push(String(value));
    if (!fits) into.errors.push(`${path}: must be ${type}, got ${JSON.stringify(value)}`);
  }
}

/** Keys that are names of arguments, renamed; the user's own stay. */
function rename(noun: string, value: unknown, by: (name: string) => string): unknown {
  const found = types.nouns.get(noun);
  if (!found || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const property = propertiesOf(types, found).find(({ name }) => name === key);
      const { refers = "", type = "" } = property ?? {};
      const table = type.startsWith("table") && typeof item === "object" && item !== null;
      const renamed = table
        ? Object.fromEntries(Object.entries(item as object).map(([own, one]) => [own, rename(refers, one, by)]))
        : rename(refers, item, by);
      return [by(key), renamed];
    }),
  );
}

const { properties, type } = (
  parse(read("yaml/Pulumi.yaml")) as { resources: Record<"chain", { type: string; properties: unknown }> }
).resources.chain;
const stated = walk("FastDisksArgs", properties, "chain", nothingStated());

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** Texts and numbers of a program but for the resource's name. */
function literals(text: string): string[] {
  return [...text.matchAll(/"([^"\n]*)"|\b(40)(?:\.0)?\b/g)]
    .map(([, word, number]) => word ?? number ?? "")
    .filter((word) => word !== "chain");
}

describe("the examples in other languages", () => {
  it("state arguments that exist, of their types, in YAML", () => {
    assert.equal(type, "eks-fast-disks:index:FastDisks");
    assert.deepEqual(stated.errors, []);
    assert.ok(stated.names.length > 10, stated.names.join());
  });

  it("notice a name, a type and a choice that do not exist, and what is missing", () => {
    const wrong = {
      ...(properties as object),
      cluster: { name: 1, kubernetesVersion: "1.35", adminss: {} },
      network: { newVpc: { natGateways: "Two" } },
      karpenter: {},
    };
    const { errors } = walk("FastDisksArgs", wrong, "chain", nothingStated());
    assert.deepEqual(errors.sort(), [
      "chain.cluster.adminss: is no argument",
      "chain.cluster.name: must be text, got 1",
      "chain.karpenter.version: is missing",
      'chain.network.newVpc.natGateways: must be NatGateways, got "Two"',
    ]);
  });

  it("state the same in Python", () => {
    const [, call = ""] = /FastDisks\(\n {4}"chain",\n([^]*?)\n\)\n/.exec(read("python/__main__.py")) ?? [];
    const args: unknown = parse(`{${call.replaceAll(/^ {4}(\w+)=/gm, "$1: ")}}`);
    assert.deepEqual(args, rename("FastDisksArgs", properties, pythonName));
  });

  it("state the same in Go", () => {
    const text = read("go/main.go");
    const args = text.slice(text.indexOf("FastDisksArgs{"));
    const body = args.replaceAll(/"[^"\n]*":/g, "");
    assert.deepEqual(matches(body, /\b([A-Z]\w*):\s/g), stated.names.map(pascalName));
    assert.deepEqual(matches(args, /\bdisks\.(\w+)Args\b/g), stated.classes);
    const [imports = "", program = ""] = text.split("pulumi.Run(");
    // As Pulumi's generator builds it from the schema's repository; it was compiled with what that generates.
    assert.match(imports, /^\tdisks "github\.com\/eks-fast-disks\/eks-fast-disks\/sdk\/go\/eks-fast-disks"$/m);
    const objects = [...args.matchAll(/\b(\w+):\s+(&?)disks\.\w+Args\{/g)];
    assert.deepEqual(
      objects.map(([, name, pointer]) => `${name}: ${pointer}`),
      stated.objects,
    );
    assert.deepEqual(literals(program.slice(0, program.indexOf("ctx.Export"))), stated.values);
  });

  it("state the same in C#", () => {
    const text = read("csharp/Program.cs");
    const args = text.slice(text.indexOf("new FastDisksArgs"), text.indexOf("return new"));
    assert.deepEqual(matches(args, /\b([A-Z]\w*) = /g), stated.names.map(pascalName));
    assert.deepEqual(matches(args.replace("PoolArgsArgs>", ""), /new (\w+Args)Args\b/g), stated.classes);
    const choice = args.replace("NatGateways.Single", '"Single"');
    assert.deepEqual(literals(choice), stated.values);
  });

  it("state the same in Java", () => {
    const text = read("java/App.java");
    const args = text.slice(text.indexOf("FastDisksArgs.builder"), text.indexOf("context.export"));
    const named = matches(args, /\.(\w+)\(/g).filter((name) => !["builder", "build", "of"].includes(name));
    assert.deepEqual(named, stated.names);
    assert.deepEqual(matches(args, /\b(\w+Args)Args\.builder/g), stated.classes);
    const imported = matches(text, /import com\.pulumi\.eksfastdisks\.inputs\.(\w+)Args;/g);
    assert.deepEqual(imported, [...new Set(stated.classes)].sort());
    assert.deepEqual(literals(args.replace("NatGateways.Single", '"Single"')), stated.values);
  });
});
