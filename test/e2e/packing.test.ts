import assert from "node:assert/strict";
import { matchingTypes } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { diskNumbers } from "../../components/manifests/disk-capacity";
import { classOf } from "../../components/manifests/disk-nodes";
import { renderNodePool } from "../../components/manifests/node-pool";
import { renderPlacement } from "../../components/manifests/placement";
import { renderRequirements } from "../../components/manifests/pool";
import type { PoolSpec } from "../../components/manifests/pool";
import { settingsOf } from "../support/record";
import { report } from "./support/conformance";
import type { KubernetesObject } from "./support/kubernetes-api";
import { overlayOf } from "./support/lanes";
import { cheapest, fits, roomOf } from "./support/packing";
import type { Group, Room } from "./support/packing";
import { run } from "./support/process";
import { Random } from "./support/random";
import { goProgram } from "./support/tools";

interface NodePool extends KubernetesObject {
  spec: { weight?: number; limits?: object; template: { spec: { requirements: Requirement[] } } };
}

const program = goProgram("packing");
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
      const spec = specOf(stack, pool);
      const numbers = diskNumbers(renderRequirements(spec));
      const ratio = await ratioOf(
        spec,
        numbers.map((disks) => nodePoolOf(`${pool}-${disks}`, { ...spec, disks })),
      );
      const line = `${stack}, pool ${pool}: ${workloads} random workloads cost ${ratio.toFixed(3)} times the cheapest nodes`;
      process.stdout.write(`      ${line}\n`);
      report(line);
      assert.ok(ratio <= goal, line);
    });

  it("sees that a pool of several numbers of disks in one NodePool is dear", async () => {
    const spec = specOf("prod", "dense");
    const ratio = await ratioOf(spec, [nodePoolOf("dense", spec)]);
    report(`prod, pool dense in one NodePool: ${ratio.toFixed(3)}`);
    assert.ok(ratio > goal);
  });
});

/** Price of what Karpenter starts for all workloads, by that of the cheapest nodes that hold them. */
async function ratioOf(spec: PoolSpec, pools: NodePool[]): Promise<number> {
  const typed = pools.map((pool) => ({ pool, rooms: roomsOf(pool) }));
  const rooms = typed.flatMap((it) => it.rooms);
  const random = new Random(seed);
  const loads = Array.from({ length: workloads }, () => workloadFor(rooms, random));
  const output = await run(program, [], {
    input: JSON.stringify({
      Pools: typed.map(({ pool, rooms: its }) => ({
        NodePool: pool,
        Types: its.map(({ name, usdPerHour, cpu, memoryMiB }) => ({
          Name: name,
          Price: usdPerHour,
          Allocatable: { cpu: `${cpu}m`, memory: `${memoryMiB}Mi`, ...promisedTo(name, pool) },
        })),
      })),
      Workloads: loads.map((groups) => podsOf(groups, spec)),
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

function specOf(stack: string, pool: string): PoolSpec {
  const spec = settingsOf(stack).pools[pool];
  assert.ok(spec, `${stack} has no pool ${pool}`);
  return spec as PoolSpec;
}

function nodePoolOf(name: string, pool: PoolSpec): NodePool {
  const { spec, ...object } = renderNodePool(pool, "class", "counted");
  const { limits, ...others } = spec;
  assert.ok(limits, "a pool has limits, which these workloads would exceed");
  return { ...object, spec: others, metadata: { name } };
}

/** What the overlay promises of a type. */
function promisedTo(type: string, pool: NodePool): Record<string, string> {
  return overlayOf(pool.metadata.name, [type]).spec.capacity;
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

function podsOf(groups: Group[], pool: PoolSpec) {
  const { spec, resources } = renderPlacement(classOf(pool), "counted");
  return groups.flatMap(({ cpu, memoryMiB, replicas }, group) =>
    Array.from({ length: replicas }, (_, index) => ({
      metadata: { name: `pod-${group}-${index}`, namespace: "default" },
      spec: {
        ...spec,
        containers: [
          {
            name: "consumer",
            resources: { requests: { cpu: `${cpu}m`, memory: `${memoryMiB}Mi`, ...resources.requests } },
          },
        ],
      },
      status: { phase: "Pending" },
    })),
  );
}
