import assert from "node:assert/strict";
import { report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import { startCountingCluster } from "./support/counting-cluster";
import { bundleDiskController, createDiskControllerAccount, startDiskController } from "./support/disk-controller";
import { pause, repeat } from "./support/eventually";
import type { KarpenterServer } from "./support/karpenter";
import { createLanes, provisionerOf } from "./support/lanes";
import { startNodeCleanup } from "./support/node-cleanup";
import { observe } from "./support/observation";
import { stopsAfter } from "./support/process";
import { diskOf, startProvisioner } from "./support/provisioner";
import { Random } from "./support/random";
import { Sequence } from "./support/sequence";
import type { Lane, Pace } from "./support/sequence";

const sequences = Number(process.env.SEQUENCES ?? 100);
const firstSeed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const capacities = ["exclusive", "counted"] as const;
const each = Math.ceil(sequences / capacities.length);
const laneCount = Math.min(Number(process.env.LANES ?? 50), each);
const steps = 6;

for (const capacity of capacities)
  describe(`Random sequences, capacity ${capacity}`, () => {
    const stopped = stopsAfter();
    const pace: Pace = { seconds: 0, simulations: 0 };
    const running = new Map<Lane, Sequence>();
    const shared: string[] = [];
    let cluster: ControlPlane;
    let lanes: Lane[];
    let karpenter: KarpenterServer;

    before(async () => {
      const started = await startCountingCluster(`sequences-${capacity}`, stopped);
      cluster = started.cluster;
      karpenter = started.karpenter;
      lanes = await createLanes(cluster, started.nodeClass, capacity, laneCount);
      const storageClasses = lanes.map(({ name }) => name);
      const releasedAt = new Map<string, number>();
      stopped(
        startProvisioner(cluster, lanes.map(provisionerOf), {
          // A disk in three takes a minute, as one without discard does in little.
          wiped: ({ metadata: { uid = "" } }) => {
            const since = releasedAt.get(uid) ?? pace.seconds;
            releasedAt.set(uid, since);
            return Number.parseInt(uid.slice(0, 4), 16) % 3 > 0 || pace.seconds - since > 60;
          },
        }),
      );
      stopped(startNodeCleanup(cluster, { storageClasses, claimDeletionDelay: 15, discoveryInterval: 10 }));
      stopped(await startRestarting(cluster, capacity, storageClasses));
    });

    it(`leaves no pod waiting that could run: ${each} sequences from seed ${firstSeed}`, async () => {
      const failures: string[] = [];
      const waits: number[] = [];
      const taken = { next: 0 };
      const watching = repeat("observation", 1, watch);
      const started = Date.now();
      await Promise.all(
        lanes.map(async (lane, index) => {
          // In one cluster all lanes do not start at the same moment.
          await pause(index);
          while (taken.next < each && failures.length < 5) {
            const seed = firstSeed + taken.next;
            taken.next += 1;
            const sequence = new Sequence(cluster, lane, new Random(seed));
            running.set(lane, sequence);
            await sequence.run(steps);
            waits.push(...sequence.waits);
            for (const violation of sequence.violations)
              failures.push(`seed ${seed}, ${lane.name}: ${violation}\n    ${sequence.log.join("; ")}`);
            if (sequence.violations.length > 0) {
              process.stderr.write(`  ${failures.at(-1) ?? ""}\n`);
              return;
            }
          }
        }),
      );
      await watching.stop();
      waits.sort((left, right) => left - right);
      const at = (share: number) => (waits[Math.floor(share * (waits.length - 1))] ?? 0).toFixed(0);
      const line =
        `${capacity}: in ${taken.next} random sequences ${waits.length} pods that could run waited ${at(0.5)} s at the median, ` +
        `${at(0.99)} s at the 99th percentile, ${at(1)} s at most; a node starts in 30 s`;
      process.stdout.write(`      ${line}\n`);
      report(line);
      process.stdout.write(`      ${taken.next} sequences in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
      assert.deepEqual([...failures, ...shared], [], `repeat with SEED=${firstSeed} SEQUENCES=${sequences}`);
    });

    async function watch(): Promise<void> {
      const before = Date.now();
      const all = await observe(cluster.api);
      pace.simulations = await karpenter.simulations();
      // A look that took long is one on a loaded machine, on which everything else took long too.
      pace.seconds += 1 + Math.min((Date.now() - before) / 1000, 0.5);
      const disks = new Map<string, string>();
      for (const volume of all.volumes) {
        if (volume.metadata.deletionTimestamp !== undefined) continue;
        const other = disks.get(diskOf(volume));
        if (other !== undefined)
          shared.push(`${diskOf(volume)}: has two volumes, ${other} and ${volume.metadata.name}`);
        disks.set(diskOf(volume), volume.metadata.name);
      }
      for (const sequence of running.values()) sequence.observe(all, pace);
    }
  });

/** Kills the controller every now and then, and starts it again. */
async function startRestarting(
  cluster: ControlPlane,
  capacity: Lane["capacity"],
  storageClasses: string[],
): Promise<{ stop: () => Promise<void> }> {
  await bundleDiskController();
  const token = await createDiskControllerAccount(cluster);
  const flags = [`--capacity=${capacity}`, `--storage-classes=${storageClasses.join(",")}`];
  const start = () => startDiskController(`sequences-${capacity}-controller`, cluster, token, flags);
  const state = { stopped: false, controller: await start() };
  const loop = repeat("restart", 1, async () => {
    for (let waited = 0; waited < 60 && !state.stopped; waited += 1) await pause(1);
    if (state.stopped) return;
    await state.controller.stop();
    state.controller = await start();
  });
  return {
    stop: async () => {
      state.stopped = true;
      await loop.stop();
      await state.controller.stop();
    },
  };
}
