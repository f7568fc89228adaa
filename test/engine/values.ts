/** Plain values as they travel. */
export type Values = Record<string, unknown>;

/** What the engine hands over, and takes back, for a value that only `up` will know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs that the provider filled in itself; the AWS provider notes them like this. */
export const defaultsKey = "__defaults";

export function asObject(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text of a scalar; empty for anything else. */
export function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Paths at which two values differ, such as `spec.ports[0].name`. */
export function differences(before: unknown, after: unknown, path = ""): string[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => differences(item, after[index], `${path}[${index}]`));
  const [left, right] = [asObject(before), asObject(after)];
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(left), ...Object.keys(right)])]
      .filter((key) => key !== defaultsKey)
      .flatMap((key) => differences(left[key], right[key], join(path, key)));
  return [path];
}

/** Whether `path` is `prefix` or lies below it. */
export function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  const segment = /^[\w-]+$/.test(key) ? key : `["${key}"]`;
  if (path === "") return segment;
  return segment.startsWith("[") ? `${path}${segment}` : `${path}.${segment}`;
}
