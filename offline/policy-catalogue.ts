import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPolicies } from "../policies/index"; // the folder resolves to pack.js, which starts a server
import type { Policy } from "./policies";

const introduction = `# Policies

<!-- Written by \`npm run policies\` from the policies themselves. -->

A Pulumi policy pack that protects the data and nodes of local NVMe disks, in the stacks of any program:

\`\`\`sh
pulumi preview --policy-pack node_modules/eks-fast-disks/policies --policy-pack-config node_modules/eks-fast-disks/policies/presets/shared.json
\`\`\`

## What it checks

The pack selects resources by their role in the chain, not by their kind. A pool has fast disks if it has the class label, as a label of its template or as a requirement, or if a local static provisioner selects its nodes by any label. Node classes, launch templates and node groups count if such a pool uses them or if they are for Bottlerocket; queues if Karpenter reads them; event rules if such a queue is their target; repositories if nodes boot from them. All other resources pass. Only [scope.ts](scope.ts) decides this.

Policies on single resources check inputs before anything is created. Policies on the chain check all resources together, at the end of a preview and of an update. A value that is not known during preview is not a violation; the update checks it again. On a new cluster NodePools are known from the second preview on.

## Configure it

There are three presets: [shared](presets/shared.json) for a cluster that other teams use too, [dev](presets/dev.json) and [prod](presets/prod.json) for stacks like those of this repository. \`npm start\` uses the preset with the stack's name. Set label, container and classes once, under \`settings\`:

\`\`\`json
{
  "settings": { "label": "example.com/disks", "classes": ["scratch"] },
  "node-pool-drift": { "allowed": true },
  "node-pool-width": "mandatory"
}
\`\`\`

An unknown name or key, an empty value and a value of a wrong type violate the policy \`settings\`.

In your own pack:

\`\`\`ts
import { PolicyPack } from "@pulumi/policy";
import { createPolicies, presets } from "eks-fast-disks/policies";

const disks = createPolicies({ label: "example.com/disks" });
new PolicyPack("ours", { policies: [...disks.policies, ...otherPolicies] }, presets.shared);
\`\`\`

Pulumi gives the policies of such a pack only their own settings. So label, container and classes are arguments of \`createPolicies\`, and a misspelt name in the configuration is not reported.

## Exceptions

For one resource, use [Pulumi's own exceptions](https://www.pulumi.com/docs/discovery-governance/concepts/policy-as-code/policy-exceptions/) instead of a weaker setting for all resources: a reason, policies, and the URNs of resources, in the file that \`--policy-pack-config\` names or in Pulumi Cloud. Each violation is reported against the URN of the resource that has it. The violation is still shown, with its reason, but does not stop the update.

\`\`\`json
{
  "exceptions": {
    "scratch-may-drift": {
      "reason": "a cache that is rebuilt in minutes",
      "match": [
        {
          "policies": ["node-pool-drift"],
          "targets": ["urn:pulumi:prod::shop::kubernetes:karpenter.sh/v1:NodePool::cache"]
        }
      ]
    }
  }
}
\`\`\`

## Remediation

With the level \`remediate\`, these policies change the inputs instead of refusing them: REMEDIATIONS. They make only changes that are always safe.
`;

/** The catalogue of the pack, as Markdown. */
export function renderCatalogue(): string {
  const { groups, policies } = createPolicies();
  const remediating = policies.filter((policy) => "remediateResource" in policy && policy.remediateResource);
  const sections = Object.entries(groups).map(
    ([group, list]) => `\n## ${group.charAt(0).toUpperCase()}${group.slice(1)}\n${list.map(renderPolicy).join("")}`,
  );
  const names = remediating.map(({ name }) => `[${name}](#${name})`).join(", ");
  return introduction.replace("REMEDIATIONS", names) + sections.join("");
}

function renderPolicy(policy: Policy): string {
  const { name, severity = "", enforcementLevel = "", description, remediationSteps = "", configSchema } = policy;
  const scope = "validateStack" in policy ? "chain" : "resource";
  const settings = Object.entries(configSchema?.properties ?? {}).map(
    ([key, setting]) =>
      `- Setting \`${key}\`: ${setting.description ?? ""}; default \`${JSON.stringify(setting.default)}\``,
  );
  return `
### ${name}

${description}

- ${severity} severity, ${enforcementLevel}, judges the ${scope}
- Fix: ${remediationSteps}
${settings.map((line) => `${line}\n`).join("")}`;
}

if (require.main === module) writeFileSync(join(__dirname, "..", "policies", "README.md"), renderCatalogue());
