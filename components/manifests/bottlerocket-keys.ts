import type { Check } from "./bottlerocket-checks";
import * as is from "./bottlerocket-checks";
import { kubernetesChecks } from "./bottlerocket-kubernetes";

const bootstrapMode = is.oneOf("off", "once", "always");
const lockdown = is.oneOf("none", "integrity", "confidentiality");
const sysctl = is.named(
  /^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}$/,
  'a sysctl (letters, digits and "._-/", no "..", no leading "." or "/")',
);

/**
 * Settings that Bottlerocket's `aws-k8s` and `aws-k8s-nvidia` read, by key; `*` is any name. If a parent has keys here, its
 * other keys are unknown settings (https://github.com/bottlerocket-os/bottlerocket-settings-sdk, models 0.19, and
 * https://bottlerocket.dev/en/os/latest/#/api/settings/).
 */
export const checks: Record<string, Check[]> = {
  motd: [is.text],
  autoscaling: [is.table],
  aws: [is.table],
  boot: [is.table],
  cloudformation: [is.table],
  "container-registry": [is.table],
  "container-runtime": [is.table],
  "container-runtime-plugins": [is.table],
  dns: [is.table],
  "image-verifier-plugins": [is.table],
  "kubelet-device-plugins": [is.table],
  "kubelet-dra-drivers": [is.table],
  metrics: [is.table],
  network: [is.table],
  ntp: [is.table],
  "nvidia-container-runtime": [is.table],
  "oci-defaults": [is.table],
  "oci-hooks": [is.table],
  pki: [is.table],
  updates: [is.table],

  "host-containers": [is.table],
  "host-containers.*": [is.identifier, is.table],
  "host-containers.*.enabled": [is.flag],
  "host-containers.*.source": [is.image],
  "host-containers.*.superpowered": [is.flag],
  "host-containers.*.user-data": [is.base64],
  "host-containers.*.command": [is.lines],

  "bootstrap-containers": [is.table],
  "bootstrap-containers.*": [is.identifier, is.table],
  "bootstrap-containers.*.source": [is.image],
  "bootstrap-containers.*.mode": [bootstrapMode],
  "bootstrap-containers.*.essential": [is.flag],
  "bootstrap-containers.*.user-data": [is.base64],
  "bootstrap-containers.*.command": [is.lines],

  "bootstrap-commands": [is.table],
  "bootstrap-commands.*": [is.identifier, is.table],
  "bootstrap-commands.*.commands": [is.commands],
  "bootstrap-commands.*.mode": [bootstrapMode],
  "bootstrap-commands.*.essential": [is.flag],

  kernel: [is.table],
  "kernel.lockdown": [lockdown],
  "kernel.sysctl": [is.table],
  "kernel.sysctl.*": [sysctl, is.text],
  "kernel.modules": [is.table],
  "kernel.modules.*": [is.named(/^[\w-]{1,56}$/, "1 to 56 letters, digits, hyphens and underscores"), is.table],
  "kernel.modules.*.allowed": [is.flag],
  "kernel.modules.*.autoload": [is.flag],
  "kernel.hugepages": [is.table],

  ...kubernetesChecks,
};

/** First release that reads a setting (folders of https://github.com/bottlerocket-os/bottlerocket-project-website). */
export const firstReleases: Record<string, string> = {
  "host-containers.*.command": "1.47.0",
  "bootstrap-containers.*.command": "1.47.0",
  "container-runtime-plugins": "1.44.0",
  "image-verifier-plugins": "1.51.0",
  "kubernetes.kube-reserved.pid": "1.50.0",
  "kubernetes.system-reserved.pid": "1.50.0",
  "kubernetes.device-ownership-from-security-context": "1.30.0",
  "kubernetes.container-log-max-workers": "1.39.0",
  "kubernetes.container-log-monitor-interval": "1.39.0",
  "kubernetes.single-process-oom-kill": "1.39.0",
  "kubernetes.image-minimum-gc-age": "1.51.0",
  "kubernetes.image-maximum-gc-age": "1.51.0",
  "kubernetes.max-parallel-image-pulls": "1.51.0",
  "kubernetes.ids-per-pod": "1.51.0",
  "kubernetes.topology-manager-policy-options": "1.60.0",
};
