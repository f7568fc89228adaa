import { ListWatch, V1ListMeta, Watch } from "@kubernetes/client-node";
import type { KubeConfig, KubernetesListObject, V1ObjectMeta } from "@kubernetes/client-node";
import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "./api";
import { Refusal } from "./api";
import { log, textOf } from "./log";
import type { Metrics } from "./metrics";
import type { Meta } from "./records";

interface Item {
  metadata: Meta;
}
type Stored<R> = R & { metadata: V1ObjectMeta };

/** Objects in a page of a list. */
const pageSize = 250;
const shortestWatch = 1000;
const longestPause = 30_000;

/**
 * The client's informer, with only the remembered fields of each object. It lists once and watches from there. After an error
 * it continues from the last version, and lists again only if the server does not have that version any more.
 */
export class Informer<Full extends Item, R extends Item> {
  /** Whether all objects were listed once. */
  synced = false;
  /** Whether a watch is open. */
  connected = false;
  /** Whether the server does not know the kind. */
  absent = false;
  private readonly informer: ListWatch<Stored<R>>;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly api: Api,
    private readonly name: string,
    private readonly path: string,
    /** The remembered fields of an object; undefined if the object is not needed. */
    private readonly record: (object: Full) => R | undefined,
    private readonly metrics: Metrics,
    /** Called after a change of a remembered field. */
    changed: () => void,
    /** A kind that may be missing. */
    private readonly optional = false,
  ) {
    const watch = new RecordWatch<Full, R>(api.config, record, {
      known: (name, namespace) => this.informer.get(name, namespace),
      opened: () => {
        this.connect(true);
        changed();
      },
      closed: () => {
        this.connect(false);
      },
    });
    this.informer = new ListWatch(path, watch, () => this.list(), false);
    this.informer.on("change", changed);
    this.informer.on("error", (error: unknown) => void this.retry(error));
  }

  /** Whether the remembered objects are up to date, or the server does not know the kind. */
  get ready(): boolean {
    return this.absent || (this.synced && this.connected);
  }

  start(): void {
    this.metrics.set("watch_connected", 0, `resource="${this.name}"`);
    void this.informer.start();
  }

  stop(): void {
    this.stopped = true;
    void this.informer.stop();
  }

  items(): readonly R[] {
    return this.informer.list();
  }

  onDeleted(callback: (record: R) => void): void {
    this.informer.on("delete", callback);
  }

  private async list(): Promise<KubernetesListObject<Stored<R>>> {
    const items: Stored<R>[] = [];
    let version = "";
    for await (const page of this.api.pages<Full>(this.path, pageSize)) {
      for (const object of page.items) {
        const record = this.record(object);
        if (record) items.push(record);
      }
      version = page.resourceVersion;
    }
    this.synced = true;
    this.absent = false;
    const metadata = new V1ListMeta();
    metadata.resourceVersion = version;
    return { metadata, items };
  }

  private connect(connected: boolean): void {
    this.connected = connected;
    if (connected) this.failures = 0;
    this.metrics.set("watch_connected", connected ? 1 : 0, `resource="${this.name}"`);
  }

  private async retry(error: unknown): Promise<void> {
    this.connect(false);
    if (this.stopped) return;
    if (this.optional && error instanceof Refusal && error.code === 404) {
      this.absent = true;
      this.failures = 5;
    } else {
      this.failures += 1;
      this.metrics.add("errors_total", `what="watch ${this.name}"`);
      log("warning", `${this.name}: watch failed, will be retried`, { error: textOf(error) });
    }
    await pause(Math.min(500 * 2 ** this.failures, longestPause) * (0.75 + Math.random() / 2), undefined, {
      ref: false,
    });
    await this.informer.start();
  }
}

interface Connection<R> {
  known: (name: string, namespace?: string) => R | undefined;
  opened: () => void;
  closed: () => void;
}

/** A watch that forwards only remembered fields, and only if they have changed. */
class RecordWatch<Full extends Item, R extends Item> extends Watch {
  constructor(
    config: KubeConfig,
    private readonly record: (object: Full) => R | undefined,
    private readonly connection: Connection<R>,
  ) {
    super(config);
  }

  override async watch(
    path: string,
    query: Record<string, string | number | boolean | undefined>,
    callback: (phase: string, object: unknown) => void,
    done: (error: unknown) => void,
  ): Promise<AbortController> {
    let open = true;
    const start = Date.now();
    const end = (error: unknown) => {
      open = false;
      this.connection.closed();
      // Wait before the next watch if the server ends each watch immediately.
      const wait = error === null || error === undefined ? shortestWatch - (Date.now() - start) : 0;
      if (wait > 0)
        setTimeout(() => {
          done(error);
        }, wait);
      else done(error);
    };
    const controller = await super.watch(
      path,
      { ...query, allowWatchBookmarks: true },
      (phase: string, object: Full) => {
        const [seen, remembered] = this.reduce(phase, object);
        callback(seen, remembered);
      },
      end,
    );
    // If the server has refused the watch, it has ended by now.
    if (isTrue(open)) this.connection.opened();
    return controller;
  }

  private reduce(phase: string, object: Full): [string, unknown] {
    if (phase !== "ADDED" && phase !== "MODIFIED" && phase !== "DELETED") return [phase, object];
    const record = this.record(object);
    if (record === undefined || phase === "DELETED") return ["DELETED", record ?? { metadata: object.metadata }];
    const known = this.connection.known(record.metadata.name, record.metadata.namespace);
    if (known && same(known, record)) {
      known.metadata.resourceVersion = record.metadata.resourceVersion;
      return ["BOOKMARK", { metadata: record.metadata }];
    }
    return [phase, record];
  }
}

/** Compares without the version: heartbeats change nothing else. */
function same<R extends Item>(one: R, other: R): boolean {
  const plain = (record: R) => JSON.stringify({ ...record, metadata: { ...record.metadata, resourceVersion: "" } });
  return plain(one) === plain(other);
}

/** The compiler does not see that a callback has changed it. */
function isTrue(value: boolean): boolean {
  return value;
}
