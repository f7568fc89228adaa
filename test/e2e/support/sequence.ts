import type { ControlPlane } from "./control-plane";
import { pause } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";
import { drain, vanish } from "./losses";
import { nodeOf } from "./node-cleanup";
import { claimNamesOf, fingerprint, isFinished, partOf } from "./observation";
import type { Observation, Pod } from "./observation";
import { chanceOf, consumersOn, lockedOutBy } from "./queue-model";
import type { Rules } from "./queue-model";
import type { Random } from "./random";

/** Pools, a class and a namespace of their own, in which sequences run one after the other. */
export interface Lane {
  name: string;
  capacity: "counted" | "exclusive";
  rules: Rules;
  /** Seconds. */
  consolidateAfter: number;
  /** Of a consumer with so many thousandths of a vCPU. */
  statefulSet: (name: string, replicas: number, cpu: number, claims: "Delete" | "Retain") => KubernetesObject;
  cpus: number[];
}

/**
 * Time that a loaded machine does not shorten: a second that took long counts as one, and Karpenter must have looked at
 * the queue meanwhile.
 */
export interface Pace {
  seconds: number;
  simulations: number;
}

/** A node starts in 30 s; our controller lets 2 s pass before it takes something away. */
const patience = { seconds: 60, simulations: 3 };
/** The start of a node, and a minute. */
const longestWait = 90;
/** Beyond `consolidateAfter`. */
const emptyNode = 120;
const resource = "eks-fast-disks/disk";
/** Replicas of a StatefulSet that is deleted. */
const gone = -1;

interface Owner {
  name: string;
  replicas: number;
  claims: "Delete" | "Retain";
}

export class Sequence {
  readonly log: string[] = [];
  readonly violations: string[] = [];
  /** Seconds that pods waited while they could run. */
  readonly waits: number[] = [];
  private readonly owners = new Map<string, Owner>();
  private readonly quiet = { print: "", since: { seconds: 0, simulations: 0 } };
  private readonly waiting = new Map<string, number>();
  private readonly empty = new Map<string, number>();
  private readonly held = new Map<string, { name: string; node: string }>();
  private readonly dismissed = new Set<string>();
  private seen: Observation = { nodes: [], nodeClaims: [], volumes: [], claims: [], pods: [] };
  private observations = 0;
  /** Nodes that were not leaving when they were last seen, and when one last left. */
  private staying = 0;
  private left = 0;
  private made = 0;

  constructor(
    private readonly cluster: ControlPlane,
    private readonly lane: Lane,
    private readonly random: Random,
  ) {}

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps && this.violations.length === 0; step += 1) {
      await this.act();
      // Half of the steps meet what the last one has left unfinished.
      if (this.random.next() < 0.5) await this.settle();
      else await pause(this.random.next() * 5);
    }
    await this.settle();
    // What was found is printed as it was.
    if (this.violations.length === 0) await this.leave();
  }

  /** Holds what is seen against the model; called for each observation. */
  observe(all: Observation, pace: Pace): void {
    const { name } = this.lane;
    this.seen = partOf(all, name, name);
    this.observations += 1;
    const print = fingerprint(this.seen);
    if (print !== this.quiet.print) Object.assign(this.quiet, { print, since: { ...pace } });
    this.checkQueue(pace);
    this.checkClaims();
    this.checkEmptyNodes(pace);
  }

  private checkQueue(pace: Pace): void {
    const seconds = pace.seconds - this.quiet.since.seconds;
    const simulations = pace.simulations - this.quiet.since.simulations;
    const trapped = seconds > patience.seconds && simulations >= patience.simulations;
    const pending = this.seen.pods.filter(
      ({ metadata, spec }) => spec.nodeName === undefined && metadata.deletionTimestamp === undefined,
    );
    for (const pod of pending) {
      const key = pod.metadata.uid ?? "";
      const chance = chanceOf(pod, this.seen, this.lane.rules);
      const other = lockedOutBy(pod, this.seen, this.lane.rules);
      if (trapped && other !== undefined) this.violate(`${pod.metadata.name}: locked out of its own disk by ${other}`);
      if (chance === undefined) {
        this.waiting.delete(key);
        continue;
      }
      const since = this.waiting.get(key) ?? pace.seconds;
      this.waiting.set(key, since);
      if (trapped)
        this.violate(
          `${pod.metadata.name}: waits although ${chance}; nothing has changed for ${seconds.toFixed(0)} s and ${simulations} looks of Karpenter`,
        );
      else if (pace.seconds - since > longestWait)
        this.violate(`${pod.metadata.name}: has waited for ${longestWait} s although ${chance}`);
    }
    const uids = new Set(pending.map(({ metadata }) => metadata.uid));
    for (const [key, since] of this.waiting)
      if (!uids.has(key)) {
        this.waiting.delete(key);
        if (this.seen.pods.some(({ metadata, spec }) => metadata.uid === key && spec.nodeName !== undefined))
          this.waits.push(pace.seconds - since);
      }
  }

  /** A claim on a node that lives goes only when the sequence itself has given it up. */
  private checkClaims(): void {
    const present = new Set(this.seen.claims.map(({ metadata }) => metadata.uid ?? ""));
    const alive = new Set(
      this.seen.nodes.flatMap(({ metadata }) => (metadata.deletionTimestamp ? [] : [metadata.name])),
    );
    for (const [uid, { name, node }] of this.held) {
      if (present.has(uid)) continue;
      this.held.delete(uid);
      if (alive.has(node) && !this.isGivenUp(name))
        this.violate(`claim ${name} was deleted, and its node ${node} lives`);
    }
    for (const volume of this.seen.volumes) {
      const claim = this.seen.claims.find(({ spec }) => spec.volumeName === volume.metadata.name);
      if (claim && alive.has(nodeOf(volume)))
        this.held.set(claim.metadata.uid ?? "", { name: claim.metadata.name, node: nodeOf(volume) });
    }
  }

  private isGivenUp(claim: string): boolean {
    if (this.dismissed.has(claim)) return true;
    const [, name = "", ordinal = ""] = /^data-(.*)-(\d+)$/.exec(claim) ?? [];
    const owner = this.owners.get(name);
    return owner?.claims === "Delete" && Number(ordinal) >= owner.replicas;
  }

  /** The pool's budget lets one small node go at a time: its empty nodes wait for each other. */
  private checkEmptyNodes(pace: Pace): void {
    const leaving = this.seen.nodes.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length;
    const staying = this.seen.nodes.length - leaving;
    if (leaving > 0 || staying < this.staying) this.left = pace.seconds;
    this.staying = staying;
    const names = new Set<string>();
    for (const { metadata } of this.seen.nodes) {
      if (consumersOn(metadata.name, this.seen).length > 0) continue;
      names.add(metadata.name);
      const since = this.empty.get(metadata.name) ?? pace.seconds;
      this.empty.set(metadata.name, since);
      const seconds = pace.seconds - Math.max(since, this.left);
      if (seconds > this.lane.consolidateAfter + emptyNode)
        this.violate(`node ${metadata.name} has no consumer for ${seconds.toFixed(0)} s, and no other node leaves`);
    }
    for (const name of this.empty.keys()) if (!names.has(name)) this.empty.delete(name);
  }

  private violate(what: string): void {
    if (this.violations.length > 0) return;
    const { nodes, pods, claims, volumes } = this.seen;
    const state = {
      nodes: nodes.map((it) => [
        it.metadata.name,
        it.spec.taints?.map(({ key }) => key),
        it.status.allocatable?.[resource],
      ]),
      pods: pods.map((it) => [it.metadata.name, it.status.phase, it.spec.nodeName, it.metadata.deletionTimestamp]),
      claims: claims.map((it) => [it.metadata.name, it.status?.phase, it.spec.volumeName]),
      volumes: volumes.map((it) => [nodeOf(it), it.status?.phase, it.spec.claimRef?.name]),
    };
    this.violations.push(`${what}\n    ${JSON.stringify(state)}`);
  }

  /** Until nothing waits that the model says could run, in a cluster that was looked at since the last step. */
  private async settle(): Promise<void> {
    const before = this.observations;
    while (this.violations.length === 0) {
      const [pending] = this.waiting;
      if (this.observations > before + 3 && pending === undefined) return;
      await pause(0.5);
    }
  }

  private async act(): Promise<void> {
    const { random } = this;
    const owner = random.pick(this.present());
    const occupied = random.pick(this.seen.nodes.filter(({ metadata }) => !metadata.deletionTimestamp));
    const step = random.pick(["create", "scale", "scale", "delete", "claim", "release", "drain", "vanish", "zero"]);
    if (owner === undefined || step === "create") await this.create();
    else if (step === "scale") await this.scale(owner, random.between(0, 3));
    else if (step === "delete") await this.remove(owner);
    else if (step === "claim") await this.deleteIdleClaim();
    else if (step === "release") await this.releaseRetained();
    else if (occupied === undefined) await this.create();
    else if (step === "zero") await this.zero(occupied.metadata.name);
    else await this.lose(occupied.metadata.name, step === "drain");
  }

  private async create(): Promise<void> {
    if (this.present().length >= 3) return;
    const { random, lane } = this;
    this.made += 1;
    const owner: Owner = {
      name: `s${this.made}`,
      replicas: random.between(1, 3),
      claims: random.next() < 0.5 ? "Delete" : "Retain",
    };
    const cpu = random.pick(lane.cpus) ?? 0;
    this.note(`create ${owner.name}: ${owner.replicas} × ${cpu}m, claims ${owner.claims}`);
    this.owners.set(owner.name, owner);
    await this.cluster.api.create(lane.statefulSet(owner.name, owner.replicas, cpu, owner.claims));
  }

  private async scale(owner: Owner, replicas: number): Promise<void> {
    this.note(`scale ${owner.name} to ${replicas}`);
    // What it gives up stays given up while the StatefulSet still catches up.
    for (let ordinal = replicas; ordinal < owner.replicas && owner.claims === "Delete"; ordinal += 1)
      this.dismissed.add(`data-${owner.name}-${ordinal}`);
    owner.replicas = replicas;
    await this.cluster.api.patch(this.reference("apps/v1", "StatefulSet", owner.name), { spec: { replicas } });
  }

  private async remove(owner: Owner): Promise<void> {
    this.note(`delete ${owner.name}`);
    owner.replicas = gone;
    await this.cluster.api.delete(this.reference("apps/v1", "StatefulSet", owner.name), { wait: false });
  }

  private async deleteIdleClaim(): Promise<void> {
    const used = new Set(this.seen.pods.flatMap(claimNamesOf));
    const idle = this.random.pick(this.seen.claims.filter(({ metadata }) => !used.has(metadata.name)));
    if (!idle) return;
    this.note(`delete claim ${idle.metadata.name}`);
    this.dismissed.add(idle.metadata.name);
    await this.cluster.api.delete(idle, { wait: false }).catch(() => undefined);
  }

  /** The safe way out of Retain: the disk is wiped, then offered again. */
  private async releaseRetained(): Promise<void> {
    const { volumes } = this.seen;
    const released = volumes.filter(
      ({ spec, status }) => status?.phase === "Released" && spec.persistentVolumeReclaimPolicy === "Retain",
    );
    for (const volume of released) {
      this.note(`release ${volume.metadata.name}`);
      await this.cluster.api
        .patch(volume, { spec: { persistentVolumeReclaimPolicy: "Delete" } })
        .catch(() => undefined);
    }
  }

  private async lose(node: string, drained: boolean): Promise<void> {
    if (!this.seen.nodeClaims.some(({ status }) => status?.nodeName === node)) return;
    this.note(`${drained ? "drain" : "lose"} ${node}`);
    // It may be gone by now.
    await (drained ? drain : vanish)(this.cluster, node).catch(() => undefined);
  }

  /** As kubelet does when it registers its node again. */
  private async zero(node: string): Promise<void> {
    if (this.lane.capacity === "exclusive") return;
    this.note(`zero ${node}`);
    const amount = { [resource]: "0" };
    await this.cluster.api
      .patch(
        { apiVersion: "v1", kind: "Node", metadata: { name: node } },
        { status: { capacity: amount, allocatable: amount } },
        { subresource: "status" },
      )
      .catch(() => undefined);
  }

  /** Takes everything away, and waits until the nodes have gone too. */
  private async leave(): Promise<void> {
    this.note("leave");
    for (const owner of this.present()) await this.remove(owner);
    while (this.violations.length === 0) {
      const live = this.seen.pods.filter((pod: Pod) => !isFinished(pod));
      for (const claim of this.seen.claims) {
        this.dismissed.add(claim.metadata.name);
        if (claim.metadata.deletionTimestamp === undefined)
          await this.cluster.api.delete(claim, { wait: false }).catch(() => undefined);
      }
      if (live.length + this.seen.claims.length + this.seen.nodes.length + this.seen.nodeClaims.length === 0) return;
      await pause(1);
    }
  }

  private present(): Owner[] {
    return [...this.owners.values()].filter(({ replicas }) => replicas !== gone);
  }

  private reference(apiVersion: string, kind: string, name: string) {
    return { apiVersion, kind, metadata: { name, namespace: this.lane.name } };
  }

  private note(what: string): void {
    this.log.push(what);
  }
}
