import { placementOf } from "./pool";
import type { Placement } from "./pool";
import { chartOf, isOf } from "./resource";
import type { Resource } from "./resource";
import { at, isTable, listOf, pending, show, tableOf, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

export const noProvisioner = "kubernetes.io/no-provisioner";

/** A class of volumes that a provisioner makes. */
export interface LocalClass {
  name: Value;
  hostDir: Value;
  cleaner: string[];
  /** The StorageClass that the chart makes of it, if any. */
  storageClass?: Value;
}

/** The local static provisioner, from its chart or as a DaemonSet. */
export interface Provisioner extends Resource {
  placement: Placement;
  /** Path of what places it. */
  path: string;
  /** `undefined` where they are stated elsewhere. */
  classes?: LocalClass[];
}

/** What a release is given; what files of values may state is pending. */
export function valueOf({ props }: Resource, path: string): Value {
  const value = at(props, `values.${path}`);
  const files = at(props, "valueYamlFiles");
  return value === undefined && files !== undefined && show(files) !== "[]" ? pending : value;
}

/** A provisioner that the resource installs; a DaemonSet's classes are in its ConfigMap. */
export function provisionerOf(resource: Resource, configMaps: Resource[]): Provisioner | undefined {
  if (isOf("release", resource)) {
    const chart = chartOf(resource);
    const classes = valueOf(resource, "classes");
    const old = chart === "provisioner" && listOf(classes).some((one) => at(one, "hostDir") !== undefined);
    if (chart !== "local-static-provisioner" && !old) return undefined;
    const known = Array.isArray(classes) ? listOf(classes).filter(isTable).map(classOf) : undefined;
    const placement = placementOf({
      nodeSelector: valueOf(resource, "nodeSelector"),
      affinity: valueOf(resource, "affinity"),
    });
    return { ...resource, placement, path: "values", ...(known && { classes: known }) };
  }
  const pod = at(resource.props, "spec.template.spec");
  const images = listOf(at(pod, "containers")).map((one) => textOf(at(one, "image")));
  if (!isOf("daemonSet", resource) || !images.some((image) => image.includes("local-volume-provisioner")))
    return undefined;
  const mounted = listOf(at(pod, "volumes")).map((volume) => at(volume, "configMap.name"));
  const config = configMaps.find(({ props }) => mounted.includes(at(props, "metadata.name")));
  const map = at(config?.props, "data.storageClassMap");
  const classes = typeof map === "string" ? parseClasses(map) : undefined;
  return { ...resource, placement: placementOf(pod), path: "spec.template.spec", ...(classes && { classes }) };
}

function classOf(table: Table): LocalClass {
  const { name, hostDir, blockCleanerCommand, storageClass } = table;
  return { name, hostDir, cleaner: textsOf(blockCleanerCommand), storageClass };
}

/** The map that the provisioner reads: a class per key, indented tables below; no further YAML occurs in it. */
function parseClasses(text: string): LocalClass[] {
  const sections = text.split(/^(?=[\w"'.-]+:\s*$)/m).filter((section) => /^[\w"'.-]+:/.test(section));
  return sections.map((section) => {
    const unquoted = (value = "") => value.trim().replace(/^(["'])(.*)\1$/, "$2");
    return {
      name: unquoted(/^[^:]+/.exec(section)?.[0]),
      hostDir: unquoted(/^\s+hostDir:\s*(.+)$/m.exec(section)?.[1]),
      cleaner: [...section.matchAll(/^\s+-\s*(.+)$/gm)].map(([, word]) => unquoted(word)),
    };
  });
}

/** An image by digest or exact release, of no staging registry. */
export function isReleased(image: Value): boolean {
  const pinned = /(@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+(-[\w.]+)?)$/;
  return typeof image === "string" && pinned.test(image) && !/staging|canary/.test(image);
}

/** Whether the chart makes the class's StorageClass. */
export function madeByChart({ storageClass }: LocalClass): boolean {
  return storageClass === true || storageClass === pending || Object.keys(tableOf(storageClass)).length > 0;
}
