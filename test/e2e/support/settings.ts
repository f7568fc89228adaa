import { parseSettings } from "../../../stacks/settings";
import { renderNodeClass } from "../../../components/manifests/ec2-node-class";
import type { FastDisksArgs } from "../../../components/manifests/fast-disks";
import { layersOf, storageClassesOf } from "../../../components/manifests/fast-disks";
import { renderCleanupDeployment, renderCleanupService } from "../../../components/manifests/node-cleanup";
import { renderNodePool } from "../../../components/manifests/node-pool";
import { renderStorageClass } from "../../../components/manifests/storage-class";
import { renderUserData } from "../../../components/manifests/user-data";
import { names } from "../../../components/names";
import { stackValues } from "../../support/record";
import type { KubernetesObject } from "./kubernetes-api";

export type Values = Record<string, unknown>;

/** The versions of a stack that decide which parameters of AWS name its images. */
export function versionsOf(stack: string): { kubernetes: string; bottlerocket: string } {
  const { cluster, bottlerocket } = stackValues(stack) as unknown as FastDisksArgs;
  return { kubernetes: cluster.kubernetesVersion, bottlerocket: bottlerocket.version };
}

/** What our settings say to values: their faults, none where they are accepted. */
export function faultsOf(values: Values): string[] {
  try {
    parseSettings(values);
    return [];
  } catch (error) {
    if (error instanceof Error && "faults" in error) return error.faults as string[];
    throw error;
  }
}

/**
 * The objects that settings lead to, whether or not they are valid: what the server would be given if our settings let
 * everything pass.
 */
export function renderSettings(values: Values): KubernetesObject[] {
  const settings = values as unknown as FastDisksArgs;
  const image = `registry.example/boot@sha256:${"0".repeat(64)}`;
  const classes = Object.entries(storageClassesOf(settings));
  const pools = Object.entries(settings.pools).flatMap(([pool, spec]) => {
    const layers = layersOf(settings.bottlerocket.settings, spec, image);
    const identity = spec.instanceProfile === undefined ? { role: "node" } : { instanceProfile: spec.instanceProfile };
    const nodeClass = renderNodeClass({
      ...identity,
      subnetSelectorTerms: settings.network.existingVpc?.subnets ?? [{ tags: { [names.discoveryTag]: "x" } }],
      securityGroupSelectorTerms: [{ tags: { [names.discoveryTag]: settings.cluster.name } }],
      bottlerocketVersion: settings.bottlerocket.version,
      userData: renderUserData(layers),
      volumes: spec,
      ...(settings.tags && { tags: settings.tags }),
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
        settings.nodeCleanup ?? {},
        classes.map(([name]) => name),
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
