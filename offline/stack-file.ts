import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { exampleOf, schemaAt } from "../components/manifests/example";
import { fastDisksSchema, poolsSchema } from "../components/manifests/fast-disks";
import { vpcSchema } from "../components/manifests/network";
import { names } from "../components/names";
import { nearest } from "../components/manifests/suggestion";
import type { Config } from "../stacks/settings";

/** A stack file as the engine gives it to the program. */
export interface StackFile {
  config: Config;
  /** Paths of the secrets, which are replaced by examples. */
  secrets: string[];
}

const folder = "stacks";
const fileName = /^Pulumi\.(.+)\.ya?ml$/;
/** https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const topLevel = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

/** The stack with a name, a full name `organization/project/name`, or a file. */
export function stackOf(argument: string): string {
  const last = argument.replace(/\\/g, "/").split("/").at(-1) ?? "";
  const stack = fileName.exec(last)?.[1] ?? last;
  const known = stacks();
  if (known.includes(stack)) return stack;
  const meant = nearest(stack, known);
  const fix = meant === undefined ? "" : `; did you mean "${meant}"?`;
  throw new Error(`no stack "${stack}" in ${folder}/, there are ${known.join(", ")}${fix}`);
}

export function pathOf(stack: string): string {
  return join(folder, `Pulumi.${stack}.yaml`);
}

/** The stack in a file's name, `dev` in `Pulumi.dev.yaml`. */
export function nameOf(path: string): string {
  const file = basename(path);
  return fileName.exec(file)?.[1] ?? file.replace(/\.ya?ml$/, "");
}

/** Name of the project that a `Pulumi.yaml` describes. */
export function projectOf(path: string): string {
  return (parse(readFileSync(path, "utf8")) as { name: string }).name;
}

export function readStackFile(path: string, project: string): StackFile {
  return parseStackFile(readFileSync(path, "utf8"), path, project);
}

/** Reads a stack file's text: bare keys get the project's namespace, and examples replace secrets. */
export function parseStackFile(text: string, path: string, project: string): StackFile {
  const config = configOf(text, path);
  const secrets: string[] = [];
  const values = new Map<string, string>();
  for (const [written, value] of Object.entries(config)) {
    const key = fullKey(written, project);
    if (values.has(key))
      throw new Error(`${path}: ${written} is set twice, with the project's name and without it; remove one`);
    const [namespace, name = ""] = key.split(":");
    const shown = namespace === project ? [name] : [key];
    const plain = withoutSecrets(value, shown, secrets);
    if (plain !== undefined) values.set(key, typeof plain === "string" ? plain : JSON.stringify(plain));
  }
  return { config: { ...Object.fromEntries(values), ...fitting(values, secrets, `${project}:`) }, secrets };
}

/** Examples of whole sections that fit the names in the other sections. */
function fitting(values: Map<string, string>, secrets: string[], prefix: string): Config {
  const read = (section: string) => {
    const value: unknown = JSON.parse(values.get(prefix + section) ?? "{}");
    return isTable(value) ? value : {};
  };
  const config: Config = {};
  if (secrets.includes("network") && read("cluster").privateOnly === true)
    config[`${prefix}network`] = JSON.stringify({ existingVpc: exampleOf(vpcSchema.shape.existingVpc) });
  const classes = Object.keys(read("storageClasses"));
  const pool = exampleOf(poolsSchema.valueType) as object;
  if (secrets.includes("pools") && classes.length > 0)
    config[`${prefix}pools`] = JSON.stringify(
      Object.fromEntries(classes.map((storageClass, index) => [`secret-${index}`, { ...pool, storageClass }])),
    );
  const fed = Object.values(read("pools")).map((one) =>
    isTable(one) && typeof one.storageClass === "string" ? one.storageClass : names.defaultClass,
  );
  if (secrets.includes("storageClasses") && fed.length > 0)
    config[`${prefix}storageClasses`] = JSON.stringify(Object.fromEntries(fed.map((name) => [name, {}])));
  return config;
}

function configOf(text: string, path: string): Record<string, unknown> {
  let file: unknown;
  try {
    file = parse(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message.trimEnd()}`, { cause: error });
  }
  const example = stacks().find((stack) => pathOf(stack) !== path);
  const start = example === undefined ? "" : `start from ${pathOf(example)}; `;
  const fix = `${start}the README lists the settings`;
  if (file === null || file === undefined) throw new Error(`${path}: is empty; ${fix}`);
  if (!isTable(file)) throw new Error(`${path}: must be a table with config, got ${JSON.stringify(file)}; ${fix}`);
  const misspelt = Object.keys(file).find((key) => !topLevel.includes(key) && nearest(key, topLevel));
  if (misspelt !== undefined)
    throw new Error(`${path}: ${misspelt}: no such key; did you mean "${nearest(misspelt, topLevel) ?? ""}"?`);
  if (isTable(file.config) && Object.keys(file.config).length > 0) return file.config;
  const outside = Object.keys(file).find((key) => key.includes(":") || key in fastDisksSchema.shape);
  throw new Error(
    outside === undefined
      ? `${path}: has no config; ${fix}`
      : `${path}: ${outside}: is not under config; move it there, two spaces to the right`,
  );
}

/** The engine reads `cluster` as `project:cluster`, and `a:config:b`, an old form, as `a:b`. */
function fullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:/, "$1:") : `${project}:${key}`;
}

function withoutSecrets(value: unknown, path: string[], secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutSecrets(item, [...path, String(index)], secrets));
  if (!isTable(value)) return value;
  if (isSecret(value)) {
    secrets.push(path.join("."));
    const schema = schemaAt(fastDisksSchema, path);
    return schema === undefined ? "secret" : exampleOf(schema);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, [...path, key], secrets)]),
  );
}

function isSecret(value: Record<string, unknown>): boolean {
  return Object.keys(value).join() === "secure" && typeof value.secure === "string";
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stacks(): string[] {
  return (existsSync(folder) ? readdirSync(folder) : []).flatMap((file) => fileName.exec(file)?.[1] ?? []).sort();
}
