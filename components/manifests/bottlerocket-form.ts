import type { Consumer } from "./bottlerocket-checks";
import type { Value } from "./bottlerocket-table";
import { isTable } from "./bottlerocket-table";

/** The error of a setting as TOML, regardless of its meaning; the text follows the key. */
export function formError(key: string, value: Value | null, consumers: Consumer[]): string | undefined {
  if (!isToml(value)) return `must be a TOML value, got ${JSON.stringify(value)}; leave the key out`;
  if (Array.isArray(value) && mixesTables(value))
    return "mixes tables with other values in one list; make them one type";
  return consumers.includes("eks") ? errorForEks(key, value) : undefined;
}

/** Whether a value can be written as TOML; the members of a table are settings themselves. */
export function isToml(value: Value | null | undefined): value is Value {
  if (value === null || value === undefined) return false;
  // The renderer writes numbers with an exponent wrongly, and JavaScript rounds larger whole numbers.
  if (typeof value === "number") return /^-?\d+(\.\d+)?$/.test(String(value)) && Math.abs(value) < 2 ** 53;
  if (Array.isArray(value)) return value.every(isTomlInside);
  return ["string", "boolean", "object"].includes(typeof value);
}

function isTomlInside(value: Value): boolean {
  return isToml(value) && (!isTable(value) || Object.values(value).every(isTomlInside));
}

function mixesTables(value: Value): boolean {
  if (!Array.isArray(value)) return isTable(value) && Object.values(value).some(mixesTables);
  const tables = value.filter(isTable).length;
  return (tables > 0 && tables < value.length) || value.some(mixesTables);
}

// EKS merges with its own parser (users found these limits: aws/containers-roadmap, eksctl): no bracketed header with a
// quoted key, no quotes in quoted keys, no escapes in values, no lists of mixed types.
function errorForEks(key: string, value: Value): string | undefined {
  if (escaped.test(key)) return `key has ${what}, which EKS refuses; rename it`;
  const header = isTable(value) || (Array.isArray(value) && isTable(value[0]));
  if (header && !/^[A-Za-z0-9_-]+$/.test(key)) return "table needs a quoted header, which EKS refuses; rename it";
  if (typeof value === "string")
    return escaped.test(value) ? `has ${what}, which EKS refuses, got ${JSON.stringify(value)}` : undefined;
  return Array.isArray(value) ? errorInList(value) : undefined;
}

const escaped = /["\\\p{Cc}]/u;
const what = "a quote, backslash or control character";

function errorInList(list: Value[]): string | undefined {
  if (new Set(list.map(typeOf)).size > 1) return "mixes types in one list, which EKS refuses; make them one type";
  return list
    .flatMap((item): [string, Value][] => (isTable(item) ? Object.entries(item) : [["item", item]]))
    .map(([key, item]) => errorForEks(key, item))
    .find((error) => error !== undefined);
}

function typeOf(value: Value): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  return Array.isArray(value) ? "list" : typeof value;
}
