import * as toml from "@iarna/toml";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import { secrets } from "./secret";
import { at, isTable, listOf, pending, tableOf, textOf } from "./value";
import type { Table, Value } from "./value";

/** User data of Bottlerocket: its settings, or the reason why they cannot be read. */
export interface UserData {
  /** Path of the property. */
  path: string;
  text: string;
  /** Its content; empty if it cannot be read. */
  tables: Table;
  /** Why it cannot be read. */
  problem?: string;
  /** Replaces a part of it in messages if it is secret. */
  shown: (part: string) => string;
}

/** Path of an instance property in a launch template; it is one level deeper in the AWS Cloud Control API. */
export function templatePath({ type }: Resource, path: string): string {
  return type.startsWith("aws-native:") ? `launchTemplateData.${path}` : path;
}

/** Path of a property that node classes and launch templates both have. */
export function nodePath(resource: Resource, path: string): string {
  return isOf("nodeClass", resource) ? `spec.${path}` : templatePath(resource, path);
}

const known = new WeakMap<Resource, { value: UserData | undefined }>();

/** The known user data of a node class or a launch template, read once as Bottlerocket reads it. */
export function userDataOf(resource: Resource): UserData | undefined {
  const found = known.get(resource) ?? { value: readUserData(resource) };
  known.set(resource, found);
  return found.value;
}

function readUserData(resource: Resource): UserData | undefined {
  const path = nodePath(resource, "userData");
  const given = textOf(resource.props, path);
  if (given === "") return undefined;
  const encoded = !isOf("nodeClass", resource);
  const bytes = Buffer.from(given, encoded ? "base64" : "utf8");
  const text = bytes.toString();
  if (secrets.has(given)) secrets.add(text);
  const shown = (part: string) => (secrets.has(given) ? "(secret)" : part);
  const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(given);
  const problem = encoded && !base64 ? "text that is not base64" : formOf(bytes, text);
  if (problem !== undefined) return { path, text, tables: {}, shown, problem };
  try {
    return { path, text, tables: toml.parse(text) as Table, shown };
  } catch (error) {
    const { line = 0, message } = error as Error & { line?: number };
    const reason = message.split(/ at row|\n/)[0] ?? "";
    return { path, text, tables: {}, shown, problem: `${shown(reason)} in line ${line + 1}` };
  }
}

/** The format of user data that is not TOML. */
function formOf(bytes: Buffer, text: string): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (/^(MIME-Version|Content-Type):/im.test(text)) return "MIME of several parts";
  if (text.startsWith("#!")) return "a shell script";
  if (text.startsWith("#cloud-config")) return "cloud-config";
  const decoded = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/.test(text) ? Buffer.from(text, "base64").toString() : "";
  return decoded.includes("[settings") ? "base64 instead of plain text" : undefined;
}

/** Whether the node class or launch template is for Bottlerocket, by its own properties. */
export function isBottlerocket(resource: Resource): boolean {
  const aliases = listOf(resource.props, "spec.amiSelectorTerms").map((term) => textOf(term, "alias"));
  if (at(resource.props, "spec.amiFamily") === "Bottlerocket") return true;
  if (aliases.some((alias) => alias.startsWith("bottlerocket@"))) return true;
  return /^\s*\[+\s*["']?settings\b/m.test(userDataOf(resource)?.text ?? "");
}

/** Bottlerocket's settings in user data. */
export function settingsOf(resource: Resource): Table {
  return tableOf(userDataOf(resource)?.tables, "settings");
}

/** The bootstrap containers in user data, by name. */
export function bootContainersOf(resource: Resource): Table {
  return tableOf(settingsOf(resource)["bootstrap-containers"]);
}

/** Node labels in Bottlerocket's settings; pending if the user data is. */
export function nodeLabelsOf(resource: Resource): Value {
  if (at(resource.props, nodePath(resource, "userData")) === pending) return pending;
  return at(settingsOf(resource), "kubernetes.node-labels");
}

/** Content that EKS cannot parse when it merges its own settings into a launch template's. */
export function refusedByEks({ text, tables }: UserData): string[] {
  const key = `(?:[\\w-]+|"[^"\\n]*"|'[^'\\n]*')`;
  const header = new RegExp(`^\\s*\\[{1,2}\\s*${key}(?:\\s*\\.\\s*${key})*\\s*\\]{1,2}\\s*(?:#.*)?$`, "gm");
  const quoted = (text.match(header) ?? []).filter((line) => /["']/.test(line));
  const escaped = text.includes('\\"') ? ["an escaped quote"] : [];
  return [...quoted.map((line) => `the header ${line.trim()}`), ...escaped, ...refusedIn(tables)];
}

function refusedIn(value: Value): string[] {
  if (!isTable(value) && !Array.isArray(value)) return [];
  const mixed = Array.isArray(value) && new Set(value.map((item) => typeof item)).size > 1;
  const keys = Object.keys(value).filter((key) => /["']/.test(key));
  return [
    ...(mixed ? [`a list of mixed types, ${JSON.stringify(value)}`] : []),
    ...keys.map((key) => `a quote in the key ${key}`),
    ...Object.values(value).flatMap(refusedIn),
  ];
}
