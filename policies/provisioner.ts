import { placementOf } from "./pool";
import type { Placement } from "./pool";
import { chartOf, isOf, nameOf, runs } from "./resource";
import type { Resource } from "./resource";
import { at, isTable, listOf, pending, tableOf, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

export const noProvisioner = "kubernetes.io/no-provisioner";

/** A class of volumes that a provisioner creates. */
export interface LocalClass {
  name: Value;
  hostDir: string;
  cleaner: string[];
  /** The StorageClass that the chart creates for it, if any. */
  storageClass?: Value;
}

/** The local static provisioner, from its chart or as a DaemonSet. */
export interface Provisioner extends Resource {
  placement: Placement;
  /** Path of its node selector and affinity. */
  path: string;
  /** The classes that are known from the stack. */
  classes: LocalClass[];
}

/** A value of a release; pending if a values file may set it. */
export function valueOf({ props }: Resource, path: string): Value {
  const value = at(props, `values.${path}`);
  const files = at(props, "valueYamlFiles");
  const elsewhere = files === pending || listOf(files).length > 0;
  return value === undefined && elsewhere ? pending : value;
}

/** The provisioner that the resource installs, if any; a DaemonSet's classes are in its ConfigMap. */
export function provisionerOf(resource: Resource, configMaps: Resource[]): Provisioner | undefined {
  return isOf("release", resource) ? releaseOf(resource) : daemonSetOf(resource, configMaps);
}

function releaseOf(release: Resource): Provisioner | undefined {
  const stated = listOf(valueOf(release, "classes")).filter(isTable);
  const old = chartOf(release) === "provisioner" && stated.some(({ hostDir }) => hostDir !== undefined);
  if (chartOf(release) !== "local-static-provisioner" && !old) return undefined;
  const classes = stated.map(({ name, hostDir, blockCleanerCommand, storageClass }): LocalClass => {
    return { name, hostDir: textOf(hostDir), cleaner: textsOf(blockCleanerCommand), storageClass };
  });
  const pod: Table = { nodeSelector: valueOf(release, "nodeSelector"), affinity: valueOf(release, "affinity") };
  return { ...release, placement: placementOf(pod), path: "values", classes };
}

function daemonSetOf(daemonSet: Resource, configMaps: Resource[]): Provisioner | undefined {
  if (!runs(daemonSet, /local-volume-provisioner/)) return undefined;
  const path = "spec.template.spec";
  const pod = at(daemonSet.props, path);
  const mounted = listOf(pod, "volumes").map((volume) => at(volume, "configMap.name"));
  const config = configMaps.find((one) => mounted.includes(nameOf(one)));
  const classes = parseClasses(textOf(config?.props, "data.storageClassMap"));
  return { ...daemonSet, placement: placementOf(pod), path, classes };
}

/** Parses the provisioner's class map: one class per key, with indented tables; it uses no other YAML. */
function parseClasses(text: string): LocalClass[] {
  const sections = text.split(/^(?=[\w"'.-]+:\s*$)/m).filter((section) => /^[\w"'.-]+:/.test(section));
  const unquoted = (value = "") => value.trim().replace(/^(["'])(.*)\1$/, "$2");
  return sections.map((section) => ({
    name: unquoted(/^[^:]+/.exec(section)?.[0]),
    hostDir: unquoted(/^\s+hostDir:\s*(.+)$/m.exec(section)?.[1]),
    cleaner: [...section.matchAll(/^\s+-\s*(.+)$/gm)].map(([, word]) => unquoted(word)),
  }));
}

/** Whether the chart creates the class's StorageClass. */
export function isMadeByChart({ storageClass }: LocalClass): boolean {
  return storageClass === true || storageClass === pending || Object.keys(tableOf(storageClass)).length > 0;
}
