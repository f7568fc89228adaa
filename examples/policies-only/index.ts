import { PolicyPack } from "@pulumi/policy";
import { createPolicies, presets } from "eks-fast-disks/policies";

// The policies alone, over stacks that other people made: `pulumi preview --policy-pack examples/policies-only`.
const disks = createPolicies({ label: "example.com/disks" });
new PolicyPack("fast-disks", { policies: disks.policies }, presets.shared);
