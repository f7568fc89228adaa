import { allowed, carries, familyKey, hasNvme, label, nvmeKey, requirementsOf, typeKey } from "./karpenter";
import { resourcePolicy } from "./policy";
import { isWhole, at } from "./value";

export const nodePoolLocalNvme = resourcePolicy({
  name: "node-pool-local-nvme",
  severity: "high",
  description:
    "A NodePool that feeds a StorageClass requires local NVMe: without it Karpenter starts nodes that have no disk at all, and pods stay Pending.",
  remedy: `require ${nvmeKey} Gt [0], or name instance types that have it`,
  kinds: ["nodePool"],
  config: { label },
  applies: carries,
  faults: ({ props }) => {
    const required = requirementsOf(props).some(
      ({ key, operator, values }) =>
        key === nvmeKey && (/^(Exists|Gte?)$/.test(operator) || (operator === "In" && values.length > 0)),
    );
    const families = allowed(props, familyKey);
    const named = allowed(props, typeKey) ?? (Array.isArray(families) && families.every(hasNvme));
    if (required || named !== false || !isWhole(at(props, "spec.template.spec.requirements"))) return [];
    return [`its requirements must include ${nvmeKey}, got none`];
  },
});
