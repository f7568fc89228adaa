import { chartOf, isOf } from "./kinds";
import { setting } from "./policy";
import type { Resource } from "./policy";
import { at, isTable, isWhole, listOf, tableOf, textOf } from "./value";
import type { Table, Value } from "./value";

export const noProvisioner = "kubernetes.io/no-provisioner";

/** The local static provisioner, from its chart or as a DaemonSet that somebody rendered by hand. */
export function isProvisioner(resource: Resource): boolean {
  if (isOf("chart", resource)) return /^(local-static-)?provisioner$/.test(chartOf(resource));
  const images = listOf(at(resource.props, "spec.template.spec.containers")).map((one) => at(one, "image"));
  return isOf("daemonSet", resource) && images.some((image) => textOf(image).includes("local-volume-provisioner"));
}

/** The table that says on which nodes it runs, by `nodeSelector` and `affinity`, and its path. */
export function placementOf(resource: Resource): { path: string; placement: Value } {
  const path = isOf("chart", resource) ? "values" : "spec.template.spec";
  return { path, placement: at(resource.props, path) };
}

/** Labels that its nodes need. */
export function nodeSelectorOf(resource: Resource): Table {
  return tableOf(at(placementOf(resource).placement, "nodeSelector"));
}

/** Whether nodes with these labels may run it. */
export function runsOn(resource: Resource, labels: Table): boolean {
  return Object.entries(nodeSelectorOf(resource)).every(([key, value]) => labels[key] === value || !isWhole(value));
}

/** What it makes volumes of: the chart's `classes` that are known. */
export function classesOf({ props }: Resource): Table[] {
  return listOf(at(props, "values.classes")).filter(isTable);
}

/** An image by digest or exact release, of no staging registry. */
export function isReleased(image: Value): boolean {
  const pinned = /(@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+)$/;
  return typeof image === "string" && pinned.test(image) && !/staging/.test(image);
}

/** Settings of policies that judge StorageClasses of fast disks. */
export const localClass = {
  label: setting.text("eks-fast-disks/class", "node label by which a class chooses nodes with fast disks"),
  classes: setting.texts(["fast-disks"], "names of classes of fast disks"),
};

/** Whether a StorageClass offers fast disks: by its provisioner, its nodes or its name. */
export function isLocal({ props }: Resource, { label, classes }: { label: string; classes: string[] }): boolean {
  const keys = listOf(at(props, "allowedTopologies")).flatMap((topology) =>
    listOf(at(topology, "matchLabelExpressions")).map((one) => at(one, "key")),
  );
  const name = at(props, "metadata.name");
  return props.provisioner === noProvisioner || keys.includes(label) || classes.includes(textOf(name));
}
