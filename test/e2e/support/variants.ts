import { FastDisks } from "../../../components";
import type { FastDisksArgs } from "../../../components";
import { isObject, objectOf } from "../../../offline/files";
import type { Resource } from "../../../offline/graph";
import { record } from "../../support/record";
import type { KubernetesObject } from "./kubernetes-api";
import type { Values } from "./settings";

/** An object as the plan has it, with what decides how a change is made. */
export interface PlannedObject {
  object: KubernetesObject;
  replaceOnChanges: string[];
}

/** The resources that settings lead to: a plan without its files, since a test wants many. */
export async function planSettings(values: Values): Promise<Resource[]> {
  const { resources } = await record(() => new FastDisks("fast-disks", values as object as FastDisksArgs));
  return resources;
}

/** The Kubernetes objects among resources, by key. */
export function objectsOf(resources: Resource[]): Map<string, PlannedObject> {
  return new Map(
    resources
      .filter(isObject)
      .map((resource) => [
        resource.key,
        {
          object: JSON.parse(JSON.stringify(objectOf(resource))) as KubernetesObject,
          replaceOnChanges: resource.replaceOnChanges,
        },
      ]),
  );
}
