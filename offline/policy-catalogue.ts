import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../policies/index"; // the folder itself means pack.js, which starts a server
import type { Policy } from "./policies";

const introduction = `# Policies

<!-- Written by \`npm run policies\` from the policies themselves. -->

A CrossGuard pack that holds any Pulumi stack to what keeps data and nodes safe, whoever made its resources:

\`\`\`sh
pulumi preview --policy-pack policies --policy-pack-config policies/presets/prod.json
\`\`\`

Each policy can be given another enforcement level and its own settings, as [presets/dev.json](presets/dev.json) and [presets/prod.json](presets/prod.json) do. \`npm start\` runs all of them on the plan, with the preset of the stack's name if there is one.

Resource policies judge inputs before anything is made. Stack policies judge all resources together at the end of a preview or an update. What a preview cannot know yet is no fault; the update judges it again. The components of \`@pulumi/eks\` are judged by the resources that their plugin registers, so the plan has none for those policies.
`;

/** The catalogue of the pack, as Markdown. */
export function renderCatalogue(): string {
  const sections = Object.entries(groups).map(
    ([group, policies]) =>
      `\n## ${group.charAt(0).toUpperCase()}${group.slice(1)}\n${policies.map(renderPolicy).join("")}`,
  );
  return introduction + sections.join("");
}

function renderPolicy(policy: Policy): string {
  const { name, severity = "", enforcementLevel = "", description, remediationSteps = "", configSchema } = policy;
  const scope = "validateStack" in policy ? "stack" : "resource";
  const settings = Object.entries(configSchema?.properties ?? {}).map(
    ([key, setting]) =>
      `- Setting \`${key}\`: ${setting.description ?? ""}; default \`${JSON.stringify(setting.default)}\``,
  );
  return `
### ${name}

${description}

- ${severity} severity, ${enforcementLevel}, judges the ${scope}
- Remedy: ${remediationSteps}
${settings.map((line) => `${line}\n`).join("")}`;
}

if (require.main === module) writeFileSync(join(__dirname, "..", "policies", "README.md"), renderCatalogue());
