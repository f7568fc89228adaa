import type { Resource } from "./policy";
import { at, isTable, isWhole, listOf, pending, textOf } from "./value";
import type { Table, Value } from "./value";

const containers = "spec.template.spec.containers";

/** The node-cleanup controller's container in a Deployment. */
export function cleanupOf({ props }: Resource): Table | undefined {
  const known = listOf(at(props, containers)).filter(isTable);
  return known.find((one) => textOf(one.image).includes("node-cleanup") || flag(one, classes) !== undefined);
}

/** The value of one of the controller's flags. */
export function flagOf(resource: Resource, name: string): Value {
  const container = cleanupOf(resource) ?? {};
  return flag(container, name) ?? (isWhole(container.args) && isWhole(container.command) ? undefined : pending);
}

/** StorageClasses whose volumes a Deployment gives up, pending where it may be such a controller. */
export function coveredBy(resource: Resource): string[] | typeof pending {
  const all = at(resource.props, containers);
  const names = listOf(all).map((one) => flag(one, classes));
  const known = Array.isArray(all) && all.every((one) => isWhole(at(one, "args")) && isWhole(at(one, "command")));
  const covered = names.flatMap((list) => (typeof list === "string" ? list.split(",") : []));
  return covered.length > 0 || known ? covered : pending;
}

const classes = "storageclass-names";

function flag(container: Value, name: string): string | undefined | typeof pending {
  const words = ["command", "args"].flatMap((key) => {
    const list = at(container, key);
    return Array.isArray(list) ? list.map((word) => (word === pending ? "?" : textOf(word))) : [];
  });
  const [, value] = new RegExp(`(?:^| )--?${name}[= ](\\S+)`).exec(words.join(" ")) ?? [];
  return value === "?" ? pending : value;
}
