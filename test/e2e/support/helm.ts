import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { KubernetesObject } from "./kubernetes-api";
import type { Release } from "./plan";
import { run } from "./process";
import { goModule, goProgram, kubernetesVersion } from "./tools";

const helm = goProgram("helm");
/** Folder of the source of Karpenter's AWS controller. */
export const karpenterSource = goModule("karpenter-controller", "github.com/aws/karpenter-provider-aws");

/** Folder of a chart of Karpenter: the charts are part of its Go module. */
export function karpenterChart(chart: string): string {
  const name = chart.split("/").pop() ?? "";
  return join(karpenterSource(), "charts", name);
}

/** What `helm install` would send to the API server. */
export async function renderChart(folder: string, release: Release): Promise<KubernetesObject[]> {
  const flags = ["--namespace", release.namespace, "--kube-version", kubernetesVersion, "--skip-crds", "--values", "-"];
  const text = await run(helm, ["template", release.name, folder, ...flags], {
    input: stringify(release.values ?? {}),
  });
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null)
    .map((object) => ({ ...object, metadata: { namespace: release.namespace, ...object.metadata } }));
}

export function chartValues(folder: string): Record<string, unknown> {
  return parse(readFileSync(join(folder, "values.yaml"), "utf8")) as Record<string, unknown>;
}

/**
 * Paths of values that a chart does not know and Helm ignores in silence. A map that is empty in the chart takes any key.
 */
export function unknownValues(values: Record<string, unknown>, known: Record<string, unknown>, path = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(known, key)) return [here];
    const inner = known[key];
    return isMap(value) && isMap(inner) && Object.keys(inner).length > 0 ? unknownValues(value, inner, here) : [];
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
