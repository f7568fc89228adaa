import * as toml from "@iarna/toml";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import { at, listOf, pending, secrets, textOf } from "./value";
import type { Table, Value } from "./value";

/** User data of Bottlerocket, wherever it stands: its settings, or what keeps them from being read. */
export interface UserData {
  /** Property that holds it. */
  path: string;
  text: string;
  settings: Table;
  /** What is wrong with it as a whole. */
  problem?: string;
}

/** Path of what a launch template says of its instances; the AWS Cloud Control API has it one level deeper. */
export function templatePath({ type }: Resource, path: string): string {
  return type.startsWith("aws-native:") ? `launchTemplateData.${path}` : path;
}

/** Where a node class or a launch template states something that both have. */
export function nodePath(resource: Resource, path: string): string {
  return isOf("nodeClass", resource) ? `spec.${path}` : templatePath(resource, path);
}

const known = new WeakMap<Resource, UserData | undefined>();

/** The known user data of a node class or a launch template, read once as Bottlerocket reads it. */
export function userDataOf(resource: Resource): UserData | undefined {
  if (!known.has(resource)) known.set(resource, readUserData(resource));
  return known.get(resource);
}

function readUserData(resource: Resource): UserData | undefined {
  const path = nodePath(resource, "userData");
  const given = at(resource.props, path);
  if (typeof given !== "string" || given === "") return undefined;
  const encoded = !isOf("nodeClass", resource);
  if (encoded && !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(given))
    return { path, text: given, settings: {}, problem: "text that is not base64" };
  const bytes = encoded ? Buffer.from(given, "base64") : Buffer.from(given);
  const text = bytes.toString("utf8");
  if (secrets.has(given)) secrets.add(text);
  const problem = formOf(bytes, text);
  if (problem !== undefined) return { path, text, settings: {}, problem };
  try {
    return { path, text, settings: toml.parse(text) as Table };
  } catch (error) {
    const { line = 0, message } = error as Error & { line?: number };
    const reason = secrets.has(given) ? "an error" : (message.split(/ at row|\n/)[0] ?? "");
    return { path, text, settings: {}, problem: `${reason} in line ${line + 1}` };
  }
}

/** What else than TOML it is, by name. */
function formOf(bytes: Buffer, text: string): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (/^(MIME-Version|Content-Type):/im.test(text)) return "MIME of several parts";
  if (text.startsWith("#!")) return "a shell script";
  if (text.startsWith("#cloud-config")) return "cloud-config";
  const decoded = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : "";
  return decoded.includes("[settings") ? "base64 of it, where plain text is due" : undefined;
}

/** Whether the node class or launch template is for Bottlerocket, by what it says itself. */
export function isBottlerocket(resource: Resource): boolean {
  const aliases = listOf(at(resource.props, "spec.amiSelectorTerms")).map((term) => textOf(at(term, "alias")));
  if (at(resource.props, "spec.amiFamily") === "Bottlerocket") return true;
  if (aliases.some((alias) => alias.startsWith("bottlerocket@"))) return true;
  return /^\s*\[+\s*["']?settings\b/m.test(userDataOf(resource)?.text ?? "");
}

/** A bootstrap container by its name, pending where the user data is. */
export function bootContainerOf(resource: Resource, name: string): Value {
  if (at(resource.props, nodePath(resource, "userData")) === pending) return pending;
  return at(at(userDataOf(resource)?.settings, "settings.bootstrap-containers"), name);
}

/** Labels that nodes give themselves by Bottlerocket's settings, pending where the user data is. */
export function nodeLabelsOf(resource: Resource): Value {
  if (at(resource.props, nodePath(resource, "userData")) === pending) return pending;
  return at(userDataOf(resource)?.settings, "settings.kubernetes.node-labels");
}

/** What the parser refuses with which EKS merges its own settings into a launch template's. */
export function refusedByEks(text: string, table: Table): string[] {
  const key = `(?:[\\w-]+|"[^"\\n]*"|'[^'\\n]*')`;
  const headers = text.match(
    new RegExp(`^\\s*\\[{1,2}\\s*${key}(?:\\s*\\.\\s*${key})*\\s*\\]{1,2}\\s*(?:#.*)?$`, "gm"),
  );
  const quoted = (headers ?? []).filter((header) => /["']/.test(header));
  const escaped = text.includes('\\"') ? ["an escaped quote"] : [];
  const found = [...quoted.map((header) => `the header ${header.trim()}`), ...escaped, ...refusedIn(table)];
  return secrets.has(text) && found.length > 0 ? ["a quote or a list of mixed types"] : found;
}

function refusedIn(value: Value): string[] {
  if (typeof value !== "object" || value === null) return [];
  const mixed = Array.isArray(value) && new Set(value.map((item) => typeof item)).size > 1;
  const keys = Object.keys(value).filter((key) => /["']/.test(key));
  return [
    ...(mixed ? [`a list of mixed types, ${JSON.stringify(value)}`] : []),
    ...keys.map((key) => `a quote in the key ${key}`),
    ...Object.values(value).flatMap(refusedIn),
  ];
}
