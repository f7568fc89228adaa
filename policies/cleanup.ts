import type { Resource } from "./policy";
import { at, isTable, isWhole, listOf, pending, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

/** The node-cleanup controller's container in a Deployment. */
export function cleanupOf({ props }: Resource): Table | undefined {
  return listOf(at(props, "spec.template.spec.containers"))
    .filter(isTable)
    .find((one) => textsOf(one.image).some((image) => image.includes("node-cleanup")) || classesFlag.test(flags(one)));
}

/** The value of one of the controller's flags. */
export function flagOf(resource: Resource, flag: string): Value {
  const container = cleanupOf(resource) ?? {};
  const [, value] = new RegExp(`(?:^| )--?${flag}[= ](\\S+)`).exec(flags(container)) ?? [];
  return value ?? (isWhole(container.args) && isWhole(container.command) ? undefined : pending);
}

/** StorageClasses whose volumes it gives up. */
export function coveredBy(resource: Resource): string[] | typeof pending {
  const names = flagOf(resource, "storageclass-names");
  return names === pending ? pending : textOf(names).split(",");
}

const classesFlag = /--?storageclass-names[= ]/;

function flags({ command, args }: Table): string {
  return [...textsOf(command), ...textsOf(args)].join(" ");
}
