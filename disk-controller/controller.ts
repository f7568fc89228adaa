import type { Api } from "./api";
import { ClaimlessPods } from "./claimless-pods";
import { Cluster } from "./cluster";
import { changeOf, disksOf, isBare, missingBytes, patience, problemsOf, wantedOf } from "./disks";
import type { Change, Disks, Objects } from "./disks";
import type { Events } from "./events";
import type { Lease } from "./lease";
import { log, textOf } from "./log";
import { lostClaims } from "./lost-nodes";
import type { Metrics } from "./metrics";
import { NodeWriter } from "./nodes";
import type { Options } from "./options";
import { PodDeleter } from "./pods";
import type { NodeRecord } from "./records";

/** Milliseconds in which events are collected before a check. */
const gather = 50;
/** Milliseconds before a write that takes something away from consumers: a StatefulSet recreates its pod sooner. */
const settle = 2000;
const parallel = 8;
const longestPause = 30_000;
/** Milliseconds between checks without a change, so that the time of the last check shows that the controller works. */
const rest = 60_000;

/** Compares the nodes with their desired taints and numbers, whenever something has changed. */
export class Controller {
  readonly cluster: Cluster;
  private readonly writer: NodeWriter;
  /** The parts that delete pods. */
  private readonly deleters: (PodDeleter | ClaimlessPods)[];
  /** Start time of each node's wait for a write that takes something away from consumers. */
  private readonly tighter = new Map<string, number>();
  private timer: { handle: NodeJS.Timeout; at: number } | undefined;
  private running: Promise<void> | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    api: Api,
    private readonly options: Options,
    private readonly metrics: Metrics,
    private readonly events: Events,
    private readonly lease: () => Lease,
  ) {
    this.cluster = new Cluster(api, options.storageClasses, metrics, () => {
      this.wake(gather);
    });
    this.writer = new NodeWriter(api, metrics);
    this.deleters =
      options.podDeletion === undefined
        ? []
        : [
            new PodDeleter(api, this.cluster, options.podDeletion, metrics),
            new ClaimlessPods(api, this.cluster, options.storageClasses, metrics),
          ];
  }

  /** Checks again after this number of milliseconds, or sooner. */
  wake(after = 0): void {
    const at = Date.now() + after;
    if (this.stopped || (this.timer && this.timer.at <= at)) return;
    clearTimeout(this.timer?.handle);
    this.timer = { at, handle: setTimeout(() => void this.look(), after) };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer?.handle);
    await this.running;
    this.cluster.stop();
  }

  private async look(): Promise<void> {
    this.timer = undefined;
    // An event during the check sets the timer again.
    if (this.running) {
      this.wake(gather);
      return;
    }
    this.running = this.pass();
    await this.running;
    this.running = undefined;
  }

  private async pass(): Promise<void> {
    this.wake(rest);
    if (!this.cluster.synced) return;
    const objects = this.cluster.objects();
    const disks = disksOf(objects);
    this.measure(objects, disks);
    // Outdated objects must not cause a write.
    if (!this.cluster.ready || !this.lease().holds) return;
    const plans = this.deleters.map((deleter) => deleter.plan());
    const deletions = plans.flatMap((plan) => plan.deletions);
    const errors = await this.inParallel([...deletions, ...this.changes(disks), ...this.warnings(disks)]);
    for (const { next } of plans) if (next !== undefined) this.wake(next);
    this.failures = errors === 0 ? 0 : this.failures + 1;
    if (errors > 0) this.wake(Math.min(500 * 2 ** this.failures, longestPause));
    else this.metrics.set("last_sync_timestamp_seconds", Date.now() / 1000);
  }

  private changes(disks: Map<NodeRecord, Disks>): (() => Promise<void>)[] {
    const { capacity } = this.options;
    const now = Date.now();
    const waiting = new Set<string>();
    const found: (() => Promise<void>)[] = [];
    // If no node of a class has a volume, another node would have none either.
    const fed = new Set(
      [...disks].map(([node, { free, used, taken }]) => free + used + taken > 0 && node.storageClass),
    );
    for (const [node, its] of disks) {
      const change: Change | undefined = changeOf(
        node,
        wantedOf(capacity, node, its, fed.has(node.storageClass) && isBare(node, its, now)),
      );
      if (!change) continue;
      if (change.tightens) {
        const { uid } = node.metadata;
        const since = this.tighter.get(uid) ?? now;
        if (now < since + settle) {
          this.tighter.set(uid, since);
          waiting.add(uid);
          this.wake(since + settle - now);
          continue;
        }
      }
      found.push(async () => {
        await this.writer.write(node, change);
        // The written object is already stored, so its event brings no change.
        this.wake(gather);
      });
    }
    for (const uid of this.tighter.keys()) if (!waiting.has(uid)) this.tighter.delete(uid);
    return found;
  }

  private warnings(disks: Map<NodeRecord, Disks>): (() => Promise<void>)[] {
    const now = Date.now();
    // A node whose volumes do not appear may cause no event, so check again at its deadline.
    for (const [{ storageClass, ready }, { free, used, taken }] of disks)
      if (storageClass !== undefined && ready !== undefined && free + used + taken === 0 && now < ready + patience)
        this.wake(ready + patience - now);
    return [...disks].flatMap(([node, its]) =>
      Object.entries(problemsOf(this.options.capacity, node, its, now)).map(
        ([reason, message]) =>
          () =>
            this.events.warn(node, reason, message),
      ),
    );
  }

  /** Returns the number of failures; each is retried. Starts no write without the Lease. */
  private async inParallel(tasks: (() => Promise<void>)[]): Promise<number> {
    let errors = 0;
    const queue = tasks.values();
    const work = async () => {
      for (const task of queue) {
        if (!this.lease().holds || this.stopped) return;
        try {
          await task();
        } catch (error) {
          errors += 1;
          this.metrics.add("errors_total", 'what="write"');
          log("error", "write failed, will be retried", { error: textOf(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, work));
    return errors;
  }

  private measure(objects: Objects, disks: Map<NodeRecord, Disks>): void {
    const missing = [...disks].flatMap(([node, its]): [string, number][] => {
      const bytes = missingBytes(node, its);
      return bytes > 0 ? [[`node="${node.metadata.name}",storage_class="${node.storageClass ?? ""}"`, bytes]] : [];
    });
    this.metrics.replace("node_missing_bytes", new Map(missing));
    const lost = lostClaims(objects).map((claim): [string, number] => [`claim="${claim}"`, 1]);
    this.metrics.replace("claim_on_lost_node", new Map(lost));
    const states = { free: 0, used: 0, taken: 0 };
    const nodes = { free: 0, used: 0, taken: 0, "without-volumes": 0 };
    for (const [node, { free, used, taken }] of disks) {
      states.free += free;
      states.used += used;
      states.taken += taken;
      if (free > 0) nodes.free += 1;
      else if (used > 0) nodes.used += 1;
      else if (taken > 0) nodes.taken += 1;
      else if (node.storageClass !== undefined) nodes["without-volumes"] += 1;
    }
    for (const [state, number] of Object.entries(states)) this.metrics.set("disks", number, `state="${state}"`);
    for (const [state, number] of Object.entries(nodes)) this.metrics.set("nodes", number, `state="${state}"`);
  }
}
