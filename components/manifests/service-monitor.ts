const name = "app.kubernetes.io/name";
const port = 8080;

/** A part of the chain that has metrics: its Service, by its label and the name of its port. */
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

/** Labels of a Service by which its monitor finds it. */
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

/** A headless Service for the provisioner's pods: its chart makes one only together with its own monitor. */
export function renderProvisionerService() {
  return {
    clusterIP: "None",
    selector: serviceLabels(targets.provisioner),
    ports: [{ name: targets.provisioner.port, port, targetPort: "metrics" }],
  };
}
