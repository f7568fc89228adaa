import assert from "node:assert/strict";
import { matchingTypes } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { report } from "./support/conformance";
import type { KubernetesObject } from "./support/kubernetes-api";
import { cheapest, fits, roomOf } from "./support/packing";
import type { Group, Room } from "./support/packing";
import { planOf } from "./support/plan";
import { run } from "./support/process";
import { Random } from "./support/random";
import { goProgram } from "./support/tools";

interface NodePool extends KubernetesObject {
  spec: {
    weight?: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: { requirements: Requirement[]; taints?: { key: string; value: string; effect: string }[] };
    };
  };
}

const program = goProgram("packing");
const resource = "eks-fast-disks/disk";
const workloads = 500;
const seed = 7;
const goal = 1.1;

describe("Packing by number of disks", () => {
  for (const [stack, pool] of [
    ["dev", "fast"],
    ["prod", "cache"],
    ["prod", "dense"],
  ] as const)
    it(`starts nodes for ${goal} times the cheapest price or less: ${stack}, ${pool}`, async () => {
      const ratio = await ratioOf(byDisks(nodePoolOf(stack, pool)));
      const line = `${stack}, pool ${pool}: ${workloads} random workloads cost ${ratio.toFixed(3)} times the cheapest nodes`;
      process.stdout.write(`      ${line}\n`);
      report(line);
      assert.ok(ratio <= goal, line);
    });

  it("sees that a pool of several numbers of disks in one NodePool is dear", async () => {
    const ratio = await ratioOf([nodePoolOf("prod", "dense")]);
    report(`prod, pool dense in one NodePool: ${ratio.toFixed(3)}`);
    assert.ok(ratio > goal);
  });
});

/** Price of what Karpenter starts for all workloads, by that of the cheapest nodes that hold them. */
async function ratioOf(pools: NodePool[]): Promise<number> {
  const typed = pools.map((pool) => ({ pool, rooms: roomsOf(pool) }));
  const rooms = typed.flatMap((it) => it.rooms);
  const random = new Random(seed);
  const loads = Array.from({ length: workloads }, () => workloadFor(rooms, random));
  const output = await run(program, [], {
    input: JSON.stringify({
      Pools: typed.map(({ pool, rooms: its }) => ({
        NodePool: pool,
        Types: its.map(({ name, usdPerHour, cpu, memoryMiB, disks }) => ({
          Name: name,
          Price: usdPerHour,
          Allocatable: { cpu: `${cpu}m`, memory: `${memoryMiB}Mi`, [resource]: String(disks) },
        })),
      })),
      Workloads: loads.map((groups) => podsOf(groups, pools)),
    }),
  });
  const prices = new Map(rooms.map(({ name, usdPerHour }) => [name, usdPerHour]));
  const chosen = (JSON.parse(output) as { Type: string; Pods: number }[][]).map((nodes, index) => {
    const pods = (loads[index] ?? []).reduce((sum, { replicas }) => sum + replicas, 0);
    assert.equal(
      nodes.reduce((sum, { Pods }) => sum + Pods, 0),
      pods,
    );
    return nodes.reduce((sum, { Type }) => sum + (prices.get(Type) ?? Number.NaN), 0);
  });
  const best = loads.map((groups) => cheapest(rooms, groups));
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return sum(chosen) / sum(best);
}

function nodePoolOf(stack: string, pool: string): NodePool {
  const object = planOf(stack).objects[`fast-disks-${pool}-pool`] as NodePool;
  const { limits, ...spec } = object.spec as NodePool["spec"] & { limits?: unknown };
  assert.ok(limits, "a pool has limits, which these workloads would exceed");
  return { ...object, spec, metadata: { name: pool } };
}

/** A NodePool for each number of disks; fewer disks first. */
function byDisks(pool: NodePool): NodePool[] {
  const numbers = new Set(roomsOf(pool).map(({ disks }) => disks));
  return [...numbers].map((number) => {
    const one = structuredClone(pool);
    one.metadata.name = `${pool.metadata.name}-${number}`;
    one.spec.weight = 100 - number;
    const types = roomsOf(pool).filter(({ disks }) => disks === number);
    one.spec.template.spec.requirements.push({
      ...{ key: "node.kubernetes.io/instance-type", operator: "In" },
      values: types.map(({ name }) => name),
    });
    return one;
  });
}

function roomsOf({ spec }: NodePool): Room[] {
  return matchingTypes(spec.template.spec.requirements)
    .filter(({ usdPerHour }) => usdPerHour !== undefined)
    .map(roomOf);
}

/** One to three groups of pods, each from a tenth to the whole of some node of the pool. */
function workloadFor(rooms: Room[], random: Random): Group[] {
  return Array.from({ length: random.between(1, 3) }, () => {
    for (;;) {
      const room = random.pick(rooms);
      const share = () => 0.1 + 0.9 * random.next();
      const group = {
        cpu: Math.round((room?.cpu ?? 0) * share()),
        memoryMiB: Math.round((room?.memoryMiB ?? 0) * share()),
        replicas: random.between(1, 6),
      };
      if (rooms.some((it) => fits(it, [group], [1]))) return group;
    }
  });
}

function podsOf(groups: Group[], [pool]: NodePool[]) {
  assert.ok(pool);
  const { metadata, spec } = pool.spec.template;
  return groups.flatMap(({ cpu, memoryMiB, replicas }, group) =>
    Array.from({ length: replicas }, (_, index) => ({
      metadata: { name: `pod-${group}-${index}`, namespace: "default" },
      spec: {
        nodeSelector: { "eks-fast-disks/class": metadata.labels["eks-fast-disks/class"] },
        tolerations: spec.taints?.map((taint) => ({ ...taint, operator: "Equal" })),
        containers: [
          { name: "consumer", resources: { requests: { cpu: `${cpu}m`, memory: `${memoryMiB}Mi`, [resource]: "1" } } },
        ],
      },
      status: { phase: "Pending" },
    })),
  );
}
