import { renderCleanupDeployment, renderCleanupService } from "../../../components/manifests/node-cleanup";
import type { FastDisksSpec } from "../../../components/manifests/fast-disks";
import { storageClassesOf, validateFastDisksArgs } from "../../../components/manifests/fast-disks";
import { renderNodePool, renderPoolNodeClass } from "../../../components/manifests/node-pool";
import { renderStorageClass } from "../../../components/manifests/storage-class";
import type { StorageClassSpec } from "../../../components/manifests/storage-class";
import { names } from "../../../components/names";
import { stackValues } from "../../support/record";
import type { KubernetesObject } from "./kubernetes-api";

export type Values = Record<string, unknown>;

/** The versions of a stack that decide which parameters of AWS name its images. */
export function versionsOf(stack: string): { kubernetes: string; bottlerocket: string } {
  const { cluster, bottlerocket } = specOf(stackValues(stack));
  return { kubernetes: cluster?.kubernetesVersion ?? "", bottlerocket: bottlerocket.version };
}

/** What our settings say to values: their errors, none where they are accepted. */
export function errorsOf(values: Values): string[] {
  return validateFastDisksArgs(values);
}

/** Values as the renderers read them, valid or not. */
export function specOf(values: Values): FastDisksSpec {
  return values as unknown as FastDisksSpec;
}

/** The StorageClasses of values by name. */
export function classSpecsOf(values: Values): Record<string, StorageClassSpec> {
  return storageClassesOf(specOf(values)) as Record<string, StorageClassSpec>;
}

/**
 * The objects that settings lead to, whether or not they are valid: what the server would be given if our settings let
 * everything pass.
 */
export function renderSettings(values: Values): KubernetesObject[] {
  const settings = specOf(values);
  const classes = Object.entries(classSpecsOf(values));
  const pools = Object.entries(settings.pools ?? {}).flatMap(([pool, spec]) => {
    const nodeClass = renderPoolNodeClass({
      ...spec,
      role: spec.instanceProfile === undefined ? "node" : undefined,
      bootImage: `registry.example/boot@sha256:${"0".repeat(64)}`,
      bottlerocketVersion: settings.bottlerocket.version,
      clusterSettings: settings.bottlerocket.settings,
      subnetSelectorTerms: settings.network?.existingVpc?.subnets ?? [{ tags: { [names.discoveryTag]: "x" } }],
      securityGroupSelectorTerms: [{ tags: { [names.discoveryTag]: settings.cluster?.name ?? "" } }],
      tags: settings.tags,
    });
    return [
      { ...nodeClass, metadata: { name: `fast-disks-${pool}-class` } },
      { ...renderNodePool(spec, `fast-disks-${pool}-class`), metadata: { name: `fast-disks-${pool}-pool` } },
    ];
  });
  const cleanup = { metadata: { name: "cleanup", namespace: "default" } };
  return [
    ...pools,
    ...classes.map(([name, spec]) => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      ...renderStorageClass(name, spec),
    })),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      ...cleanup,
      spec: renderCleanupDeployment(
        { ...settings.nodeCleanup, storageClasses: classes.map(([name]) => name) },
        "cleanup",
      ),
    },
    { apiVersion: "v1", kind: "Service", ...cleanup, spec: renderCleanupService() },
  ];
}

/** A copy with the value at a path with slashes; `undefined` takes the key away. */
export function withValue<T>(values: T, path: string, value: unknown): T {
  const copy = structuredClone(values) as Values;
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let place = copy;
  for (const key of keys) place = (place[key] ??= {}) as Values;
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return copy as T;
}
