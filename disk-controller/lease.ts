import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "./api";
import type { Api } from "./api";
import { log, textOf } from "./log";
import type { Metrics } from "./metrics";

interface LeaseObject {
  metadata: { name: string; resourceVersion?: string };
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const name = "eks-fast-disks-controller";
/** Seconds after which another replica takes over a Lease that is not renewed. */
const duration = 15;
/** Seconds after which its holder stops writing: its last request ends before another replica writes. */
const deadline = 10;
const renewEvery = 4;
const askEvery = 3;

/** Decides which replica writes: the one that holds the Lease. */
export class Lease {
  private held: { lease: LeaseObject; until: number } | undefined;
  /** The last version of another replica, and when this one first saw it: clocks of two machines are not compared. */
  private seen = { version: "", at: 0 };
  private stopped = false;
  /** When the loop last ran. */
  private round = now();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly api: Api,
    private readonly namespace: string,
    private readonly identity: string,
    private readonly metrics: Metrics,
    /** Called when this replica may write. */
    private readonly acquired: () => void,
  ) {}

  /** Whether this replica may write now. */
  get holds(): boolean {
    return this.held !== undefined && now() < this.held.until;
  }

  /** Whether the loop still runs. */
  get alive(): boolean {
    return now() - this.round < 60;
  }

  start(): void {
    this.loop = this.run();
  }

  /** Lets another replica write immediately. */
  async release(): Promise<void> {
    this.stopped = true;
    await this.loop;
    const { held } = this;
    this.held = undefined;
    this.metrics.set("leader", 0);
    if (held) await this.put(held.lease, { ...held.lease.spec, holderIdentity: "", leaseDurationSeconds: 1 });
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.round = now();
      const before = this.holds;
      try {
        await this.ask();
      } catch (error) {
        this.metrics.add("errors_total", 'what="lease"');
        log("warning", "Lease: request failed, will be retried", { error: textOf(error) });
      }
      if (!this.holds && this.held) {
        this.held = undefined;
        log("warning", "Lease lost: this replica writes nothing");
      }
      this.metrics.set("leader", this.holds ? 1 : 0);
      if (this.holds && !before) {
        log("info", "Lease acquired: this replica writes", { identity: this.identity });
        this.acquired();
      }
      for (let waited = 0; waited < (this.holds ? renewEvery : askEvery) && !isTrue(this.stopped); waited += 0.1)
        await pause(100);
    }
  }

  private async ask(): Promise<void> {
    const start = now();
    const lease = this.held?.lease ?? (await this.read());
    if (!this.held && this.isOthers(lease)) return;
    const { spec } = lease;
    const time = new Date().toISOString().replace("Z", "000Z");
    const mine = spec.holderIdentity === this.identity;
    try {
      const written = await this.put(lease, {
        holderIdentity: this.identity,
        leaseDurationSeconds: duration,
        acquireTime: mine ? spec.acquireTime : time,
        renewTime: time,
        leaseTransitions: (spec.leaseTransitions ?? 0) + (mine ? 0 : 1),
      });
      this.held = { lease: written, until: start + deadline };
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 409) throw error;
      // Another replica has written it: read it again, and write nothing until then.
      this.held = undefined;
    }
  }

  private isOthers({ metadata, spec }: LeaseObject): boolean {
    const version = metadata.resourceVersion ?? "";
    if (version !== this.seen.version) this.seen = { version, at: now() };
    const free = (spec.holderIdentity ?? "") === "" || spec.holderIdentity === this.identity;
    return !free && now() < this.seen.at + (spec.leaseDurationSeconds ?? duration);
  }

  private async read(): Promise<LeaseObject> {
    return (await this.api.find<LeaseObject>(`${this.path()}/${name}`)) ?? { metadata: { name }, spec: {} };
  }

  private put({ metadata }: LeaseObject, spec: LeaseObject["spec"]): Promise<LeaseObject> {
    const { resourceVersion } = metadata;
    const object = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, resourceVersion }, spec };
    return resourceVersion === undefined
      ? this.api.send("POST", this.path(), object)
      : this.api.send("PUT", `${this.path()}/${name}`, object);
  }

  private path(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases`;
  }
}

/** Seconds of a monotonic clock. */
function now(): number {
  return performance.now() / 1000;
}

/** The compiler does not see that `release` has changed it. */
function isTrue(value: boolean): boolean {
  return value;
}
