import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "./kubernetes-api";
import { root } from "./process";

export interface StatefulSet extends KubernetesObject {
  spec: {
    replicas: number;
    template: { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> };
    volumeClaimTemplates: { spec: { storageClassName: string; resources: { requests: { storage: string } } } }[];
  };
}

/** The manifests of `examples/`, by file. */
export function readExamples(): Record<string, KubernetesObject[]> {
  const folder = join(root, "examples");
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => [
        file,
        parseAllDocuments(readFileSync(join(folder, file), "utf8")).map(
          (document) => document.toJS() as KubernetesObject,
        ),
      ]),
  );
}

export function statefulSetOf(objects: KubernetesObject[]): StatefulSet | undefined {
  return objects.find(({ kind }) => kind === "StatefulSet") as StatefulSet | undefined;
}

/** The class that an example claims volumes of. */
export function storageClassOf(example: StatefulSet | undefined): string {
  return example?.spec.volumeClaimTemplates[0]?.spec.storageClassName ?? "";
}

/** The example that claims volumes of a StorageClass. */
export function exampleFor(storageClass: string): KubernetesObject[] {
  const found = Object.values(readExamples()).find(
    (objects) => storageClassOf(statefulSetOf(objects)) === storageClass,
  );
  if (!found) throw new Error(`examples: none claims class "${storageClass}"; add one`);
  return found;
}
