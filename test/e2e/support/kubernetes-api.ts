import { Agent, request } from "node:https";
import { eventually } from "./eventually";

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  resourceVersion?: string;
  generation?: number;
  uid?: string;
  finalizers?: string[];
  deletionTimestamp?: string;
  creationTimestamp?: string;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
}

/** The server's refusal, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

interface Kind {
  name: string;
  namespaced: boolean;
  verbs: string[];
}

/** The few calls of Kubernetes' API that judging needs. */
export class KubernetesApi {
  private readonly agent: Agent;
  private readonly kinds = new Map<string, Record<string, Kind>>();

  constructor(
    readonly url: string,
    private readonly certificate: string,
    private readonly token: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 16, ca: certificate });
  }

  /** The same server, as somebody else. */
  as(token: string): KubernetesApi {
    return new KubernetesApi(this.url, this.certificate, token);
  }

  /** Server-side apply with strict validation: an unknown or doubled field is an error. */
  async apply(object: KubernetesObject, { dryRun = false } = {}): Promise<KubernetesObject> {
    const query = `fieldManager=fast-disks&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
    return this.send("PATCH", `${await this.path(object)}?${query}`, object, "application/apply-patch+yaml");
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const path = (await this.path(object)).replace(/\/[^/]+$/, "");
    return this.send("POST", `${path}?fieldValidation=Strict`, object);
  }

  async get<T = KubernetesObject>(object: KubernetesObject): Promise<T | undefined> {
    try {
      return await this.send<T>("GET", await this.path(object));
    } catch (error) {
      if (error instanceof Refusal && error.code === 404) return undefined;
      throw error;
    }
  }

  async list<T = KubernetesObject>(apiVersion: string, kind: string): Promise<T[]> {
    const { name } = await this.kind(apiVersion, kind);
    const { items } = await this.send<{ items: T[] }>("GET", `${base(apiVersion)}/${name}`);
    // The items of Kubernetes' own lists do not say what they are.
    return items.map((item) => ({ apiVersion, kind, ...item }));
  }

  async patch(object: KubernetesObject, change: object, { subresource = "" } = {}): Promise<KubernetesObject> {
    const path = `${await this.path(object)}${subresource === "" ? "" : `/${subresource}`}`;
    return this.send("PATCH", path, change, "application/merge-patch+json");
  }

  /** Deletes and waits until the object is gone. */
  async delete(object: KubernetesObject, { wait = true } = {}): Promise<void> {
    await this.send("DELETE", await this.path(object), { propagationPolicy: "Background" });
    if (wait)
      await eventually(
        `${object.kind} ${object.metadata.name} is gone`,
        async () => (await this.get(object)) === undefined,
      );
  }

  /** What may be asked of each resource: `group/resource` to its verbs. */
  async resources(): Promise<Record<string, string[]>> {
    const groups = (await this.send<{ groups: { preferredVersion: { groupVersion: string } }[] }>("GET", "/apis"))
      .groups;
    const versions = ["v1", ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    const found: Record<string, string[]> = {};
    for (const version of versions) {
      const group = version.includes("/") ? (version.split("/")[0] ?? "") : "";
      const { resources } = await this.send<{ resources: Kind[] }>("GET", base(version));
      for (const { name, verbs } of resources) found[`${group}/${name}`] = verbs;
    }
    return found;
  }

  /**
   * The server closes connections that were idle for some time, which shows only when they are used again. A request that
   * may be repeated is; any other gets a connection of its own.
   */
  async send<T = KubernetesObject>(method: string, path: string, body?: object, type = "application/json"): Promise<T> {
    const repeatable = method !== "POST";
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.sendOnce<T>(method, path, repeatable && attempt === 1, body, type);
      } catch (error) {
        if (!repeatable || attempt === 3 || !isClosed(error)) throw error;
      }
  }

  private sendOnce<T>(
    method: string,
    path: string,
    shared: boolean,
    body: object | undefined,
    type: string,
  ): Promise<T> {
    const content = body && JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.url}${path}`,
        {
          method,
          agent: shared ? this.agent : new Agent({ keepAlive: false, ca: this.certificate }),
          headers: {
            authorization: `Bearer ${this.token}`,
            accept: "application/json",
            "content-type": type,
            // Node states none for DELETE, and the server would take the body for the connection's next request.
            "content-length": Buffer.byteLength(content ?? ""),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            const code = response.statusCode ?? 0;
            if (code >= 300) reject(new Refusal(code, messageOf(text)));
            else resolve((text.startsWith("{") ? JSON.parse(text) : text) as T);
          });
        },
      );
      call.on("error", reject);
      call.end(content);
    });
  }

  private async path({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const { name, namespaced } = await this.kind(apiVersion, kind);
    const within = namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${base(apiVersion)}${within}/${name}/${encodeURIComponent(metadata.name)}`;
  }

  private async kind(apiVersion: string, kind: string): Promise<Kind> {
    const known = this.kinds.get(apiVersion)?.[kind];
    if (known) return known;
    const { resources } = await this.send<{ resources: (Kind & { kind: string })[] }>("GET", base(apiVersion));
    const table = Object.fromEntries(
      resources.filter(({ name }) => !name.includes("/")).map((resource) => [resource.kind, resource]),
    );
    this.kinds.set(apiVersion, table);
    const found = table[kind];
    if (!found) throw new Refusal(404, `${apiVersion} ${kind}: the server knows no such kind`);
    return found;
  }
}

function isClosed(error: unknown): boolean {
  return ["EPIPE", "ECONNRESET"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function base(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
