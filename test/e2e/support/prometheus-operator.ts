import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "./kubernetes-api";
import { moduleOf } from "./tools";

const operator = moduleOf("operators", "github.com/prometheus-operator/prometheus-operator");

/** The definitions that the Prometheus operator publishes of the kinds of a plan with monitoring. */
export function prometheusKinds(): KubernetesObject[] {
  return ["prometheusrules", "servicemonitors"].map((kind) => {
    const file = join(operator(), "example", "prometheus-operator-crd", `monitoring.coreos.com_${kind}.yaml`);
    return parse(readFileSync(file, "utf8")) as KubernetesObject;
  });
}
