import { priceOf, riskOf, signed } from "./comparison-text";
import type { ComparedPool, Comparison } from "./comparison";

/** A comparison as a comment on a pull request; by the first line, a program finds the comment to replace. */
export function renderMarkdown(comparison: Comparison): string {
  const { stack, against, pools, internet, resources, policies, warnings, dataAtRisk } = comparison;
  const counts = Object.entries(resources).map(([effect, keys]) => `${keys.length} ${effect}`);
  const verdict = riskOf(comparison);
  return [
    `<!-- eks-fast-disks ${stack} -->`,
    `### \`${stack}\` against \`${against}\``,
    dataAtRisk ? `**${capital(verdict)}**` : capital(verdict),
    ...table(pools),
    ...pools.flatMap(rulesOf),
    ...list([
      ...internet.opened.map((range) => `**The Kubernetes API becomes reachable from ${code(range)}**`),
      ...signed(internet).map(code),
    ]),
    ...list(policies.map(({ level, policy, message }) => `${level} policy ${code(policy)}: ${cell(message)}`)),
    ...list(warnings.map((warning) => `warning: ${cell(warning)}`)),
    ...details(counts.join(", "), Object.entries(resources)),
  ]
    .join("\n\n")
    .concat("\n");
}

function table(pools: ComparedPool[]): string[] {
  if (pools.length === 0) return [];
  const rows = pools.map((pool) => [
    code(pool.pool),
    [pool.nodes, ...pool.reasons.map((reason) => cell(reason))].join("<br>"),
    pool.atRisk ? `**${cell(pool.data)}**` : cell(pool.data),
    priceOf(pool),
  ]);
  const all = [
    ["pool or node group", "nodes", "data on their disks", "USD per GB-month, on demand"],
    ["---", "---", "---", "---"],
    ...rows,
  ];
  return [all.map((row) => `| ${row.join(" | ")} |`).join("\n")];
}

function rulesOf({ pool, rules }: ComparedPool): string[] {
  const lines = signed(rules);
  return lines.length === 0 ? [] : [`What destroys data of ${code(pool)} changes:`, ...list(lines.map(code))];
}

function details(summary: string, groups: [effect: string, keys: string[]][]): string[] {
  if (groups.length === 0) return [];
  const lines = groups.map(([effect, keys]) => [`${effect}:`, "", ...keys.map((key) => `- ${code(key)}`)].join("\n"));
  return [`<details><summary>${summary}</summary>`, ...lines, "</details>"];
}

function list(lines: string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join("\n")];
}

/** Text for a table cell, without Markdown syntax. */
function cell(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, "\\$&").replaceAll("\n", " ");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll("\n", " ")}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
