const name = "app.kubernetes.io/name";
const port = 8080;

/** A part of the chain with metrics: label and port name of its Service. */
export interface Target {
  /** Value of `app.kubernetes.io/name` on its Service, and the job in Prometheus. */
  service: string;
  port: string;
}

export const targets = {
  provisioner: { service: "local-static-provisioner", port: "metrics" },
  nodeCleanup: { service: "node-cleanup", port: "metrics" },
  diskController: { service: "disk-controller", port: "metrics" },
  karpenter: { service: "karpenter", port: "http-metrics" },
} as const satisfies Record<string, Target>;

/** Labels with which a monitor finds its Service. */
export function serviceLabels({ service }: Target): Record<string, string> {
  return { [name]: service };
}

/** ServiceMonitor's `spec` (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitorSpec). */
export function renderServiceMonitor(target: Target, namespace: string) {
  return {
    jobLabel: name,
    namespaceSelector: { matchNames: [namespace] },
    selector: { matchLabels: serviceLabels(target) },
    endpoints: [{ port: target.port, interval: "30s" }],
  };
}

/** A headless Service for the provisioner's pods: its chart creates one only together with its own monitor. */
export function renderProvisionerService() {
  return {
    clusterIP: "None",
    selector: serviceLabels(targets.provisioner),
    ports: [{ name: targets.provisioner.port, port, targetPort: "metrics" }],
  };
}
