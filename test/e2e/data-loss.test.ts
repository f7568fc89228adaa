import { EventCode } from "@aws-sdk/client-ec2";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { causes, karpenterRelease, secondsUntilForce } from "../../offline/data-loss";
import { report } from "./support/conformance";
import { karpenterSource } from "./support/helm";
import { planOf, stacks } from "./support/plan";

/** What the README says that AWS's events do to a node, and with it to its disks. */
const stated = {
  interruptions: Object.assign({}, ...causes.map(({ interruptions }) => interruptions ?? {})) as Record<string, string>,
  scheduledEvents: causes.flatMap(({ scheduledEvents }) => scheduledEvents ?? []),
  statusChecks: causes.flatMap(({ statusChecks }) => statusChecks ?? []),
};
const words: Record<string, string> = {
  CordonAndDrain: "drained",
  ForcefulTermination: "terminated by force",
  NoAction: "left alone",
};
/** Karpenter's name of an event in EC2's list. */
const codes = new Map(Object.values(EventCode).map((code) => [`EventCode${pascal(code)}`, code as string]));

describe("Data loss by AWS's events", () => {
  it("is stated for the release of Karpenter that the stacks install", () => {
    for (const stack of stacks)
      for (const { chart, version } of Object.values(planOf(stack).releases))
        if (chart.endsWith("karpenter/karpenter")) assert.equal(version, karpenterRelease);
  });

  it("is stated for every kind of interruption, as the controller acts on it", () => {
    const kinds = new Map(
      [...read("pkg/controllers/interruption/messages/types.go").matchAll(/(\w+Kind)\s+Kind = "(\w+)"/g)].map(
        ([, constant = "", kind = ""]) => [constant, kind],
      ),
    );
    assert.ok(kinds.size >= 10, `${kinds.size} kinds were read`);
    const decision = between(read("pkg/controllers/interruption/utils.go"), "func actionForMessage", "\n}");
    const actions = new Map<string, string>();
    for (const [, constants = "", action = ""] of decision.matchAll(/case ([^:]+):\s+return (\w+)/g))
      for (const [, constant = ""] of constants.matchAll(/messages\.(\w+)/g)) actions.set(constant, action);
    const [, otherwise = ""] = /default:\s+return (\w+)/.exec(decision) ?? [];
    const theirs = [...kinds].map(([constant, kind]) => [kind, words[actions.get(constant) ?? otherwise] ?? "unknown"]);
    assert.deepEqual(stated.interruptions, Object.fromEntries(theirs));
    report(
      `${kinds.size} kinds of interruption of Karpenter ${karpenterRelease} are stated with what they do to nodes`,
    );
  });

  it("is stated for every scheduled event and status check that the controller looks for", () => {
    const source = read("pkg/providers/instancestatus/instancestatus.go");
    const filters = between(source, "instanceStatusFilters = ", "\n\t}\n");
    const events = [...filters.matchAll(/ec2types\.(EventCode\w+)/g)].map(([, name = ""]) => codes.get(name) ?? name);
    assert.deepEqual(stated.scheduledEvents, events.sort());
    const names = [...filters.matchAll(/Name: lo\.ToPtr\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    assert.deepEqual([...stated.statusChecks, "event.code"].sort(), names.sort());
    const [, seconds] = /UnhealthyThreshold = (\d+) \* time\.Second/.exec(source) ?? [];
    assert.equal(secondsUntilForce, Number(seconds));
  });
});

function read(path: string): string {
  return readFileSync(join(karpenterSource(), path), "utf8");
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  assert.ok(from >= 0, `Karpenter's source has no "${start}"`);
  return text.slice(from, text.indexOf(end, from));
}

function pascal(code: string): string {
  return code.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
