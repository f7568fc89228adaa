import { capacities } from "./disks";
import type { Capacity } from "./disks";

export interface Options {
  capacity: Capacity;
  storageClasses: Set<string>;
  leaseNamespace: string;
  metricsPort: number;
  /** Seconds that pods wait if Karpenter's objects do not show that their node is lost; undefined: they are not deleted. */
  podDeletion: number | undefined;
}

const defaults: Record<string, string | undefined> = {
  capacity: "exclusive",
  "storage-classes": undefined,
  "lease-namespace": undefined,
  "metrics-port": "8080",
  "pod-deletion": "15s",
};

/** Reads `--flag=value` or throws with every error. */
export function readOptions(args: string[]): Options {
  const errors: string[] = [];
  const given: Record<string, string | undefined> = { ...defaults };
  for (const arg of args) {
    const [, name = "", value = ""] = /^--([a-z-]+)=(.*)$/.exec(arg) ?? [];
    if (name === "") errors.push(`${arg}: must be --flag=value`);
    else if (name in defaults) given[name] = value;
    else errors.push(`--${name}: must be one of ${Object.keys(defaults).join(", ")}`);
  }
  const read = <T>(name: string, rule: string, parse: (value: string) => T | undefined): T | undefined => {
    const value = given[name];
    const parsed = parse(value ?? "");
    if (parsed === undefined)
      errors.push(`--${name}: must be ${rule}, got ${value === undefined ? "none" : `"${value}"`}`);
    return parsed;
  };
  const capacity = read("capacity", capacities.join(" or "), (value) => capacities.find((it) => it === value));
  const storageClasses = read("storage-classes", "names of StorageClasses, separated by commas", (value) =>
    value.split(",").every((name) => /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(name))
      ? new Set(value.split(","))
      : undefined,
  );
  const leaseNamespace = read("lease-namespace", "a namespace", (value) =>
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value) ? value : undefined,
  );
  const metricsPort = read("metrics-port", "a port from 1 to 65535", (value) =>
    /^\d{1,5}$/.test(value) && Number(value) > 0 && Number(value) < 65536 ? Number(value) : undefined,
  );
  const podDeletion = read("pod-deletion", 'seconds such as "15s", or "off"', (value) => {
    if (value === "off") return { seconds: undefined };
    const [, seconds] = /^(\d{1,5})s$/.exec(value) ?? [];
    return seconds === undefined ? undefined : { seconds: Number(seconds) };
  });
  if (!capacity || !storageClasses || !leaseNamespace || !metricsPort || !podDeletion || errors.length > 0)
    throw new Error(errors.join("\n"));
  return { capacity, storageClasses, leaseNamespace, metricsPort, podDeletion: podDeletion.seconds };
}
