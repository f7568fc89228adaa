import * as toml from "@iarna/toml";
import { isOf } from "./kinds";
import type { Resource } from "./policy";
import { at } from "./value";
import type { Table, Value } from "./value";

/** User data of nodes, wherever it stands. */
export interface UserData {
  /** Property that holds it. */
  path: string;
  text: string;
  /** Whether EKS's own parser reads it, too. */
  readByEks: boolean;
}

/**
 * The known user data of a Bottlerocket EC2NodeClass, or of a launch template without image id: with one it starts
 * something else, or nothing that EKS manages.
 */
export function userDataOf(resource: Resource): UserData | undefined {
  const { props } = resource;
  const family = at(props, "spec.amiFamily");
  const inClass = isOf("nodeClass", resource) && (family === undefined || family === "Bottlerocket");
  const inTemplate = isOf("launchTemplate", resource) && at(props, "imageId") === undefined;
  const path = inClass ? "spec.userData" : "userData";
  const text = at(props, path);
  if (!(inClass || inTemplate) || typeof text !== "string") return undefined;
  return { path, text: inClass ? text : Buffer.from(text, "base64").toString("utf8"), readByEks: inTemplate };
}

/** User data as a table, or what keeps it from being one. */
export function parseUserData({ text }: UserData): { table: Table; fault?: undefined } | { fault: string } {
  try {
    return { table: toml.parse(text) as Table };
  } catch (error) {
    const { line = 0, message } = error as Error & { line?: number };
    return { fault: `${message.split(/ at row|\n/)[0] ?? ""} in line ${line + 1}` };
  }
}

/** A bootstrap container of the user data by its name. */
export function bootContainerOf(userData: UserData, name: string): Value {
  const { table } = { table: {}, ...parseUserData(userData) };
  return at(table, `settings.bootstrap-containers.${name}`);
}

/** What the parser refuses with which EKS merges its own settings into a launch template's. */
export function refusedByEks(text: string, table: Table): string[] {
  const key = `(?:[\\w-]+|"[^"\\n]*"|'[^'\\n]*')`;
  const headers = text.match(
    new RegExp(`^\\s*\\[{1,2}\\s*${key}(?:\\s*\\.\\s*${key})*\\s*\\]{1,2}\\s*(?:#.*)?$`, "gm"),
  );
  const quoted = (headers ?? []).filter((header) => /["']/.test(header));
  const escaped = text.includes('\\"') ? ["an escaped quote"] : [];
  return [...quoted.map((header) => `the header ${header.trim()}`), ...escaped, ...refusedIn(table)];
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
