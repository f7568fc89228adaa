import type { ComparedPool, Comparison } from "./comparison";

/** A comparison for a terminal. */
export function renderComparison(comparison: Comparison): string {
  const { stack, against, pools, internet, resources, policies, warnings } = comparison;
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  return [
    `${stack} against ${against}: ${riskOf(comparison)}`,
    ...section("nodes and the data on their disks", pools.flatMap(linesOf)),
    ...section(
      "USD per GB-month, on demand",
      pools.map((pool) => `${pool.pool}: ${priceOf(pool)}`),
    ),
    ...section("reached from the internet", [
      ...internet.opened.map((range) => `! the Kubernetes API becomes reachable from ${range}`),
      ...signed(internet),
    ]),
    ...Object.entries(resources).flatMap(([effect, keys]) => section(`${effect}: ${keys.length}`, keys)),
    ...section(
      "violations of policies",
      policies.map(({ level, policy, message }) => `${level} ${policy}: ${message}`),
    ),
    ...section("warnings", warnings),
    "",
  ].join("\n");
}

/** The verdict, in one sentence. */
export function riskOf({ dataAtRisk, dataLossAllowed, pools, resources }: Comparison): string {
  if (Object.keys(resources).length === 0) return "no change";
  if (!dataAtRisk) return "no data is at risk";
  const names = pools.filter(({ atRisk }) => atRisk).map(({ pool }) => pool);
  const permission = dataLossAllowed ? "the stack allows it: allowDataLoss" : "the stack does not set allowDataLoss";
  return `data is at risk in ${names.join(", ")}; ${permission}`;
}

/** Price before and after, once if it does not change. */
export function priceOf({ usdPerGBMonth: { before, after } }: ComparedPool): string {
  const [was, is] = [before, after].map((range) =>
    range === undefined ? "none" : [...new Set([range.min.toFixed(2), range.max.toFixed(2)])].join("–"),
  );
  return was === is ? `${is ?? ""}, as before` : `${was ?? ""} before, ${is ?? ""} after`;
}

/** Added and removed lines. */
export function signed({ added, removed }: { added: string[]; removed: string[] }): string[] {
  return [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
}

function linesOf({ pool, nodes, reasons, data, rules, atRisk }: ComparedPool): string[] {
  return [
    `${atRisk ? "! " : ""}${pool}: ${nodes}; data: ${data}`,
    ...reasons.map((reason) => `    ${reason}`),
    ...signed(rules).map((line) => `  ${line}`),
  ];
}
