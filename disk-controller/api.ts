import type { KubeConfig } from "@kubernetes/client-node";
import type { OutgoingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { RequestOptions } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { Metrics } from "./metrics";

/** A refused request, with the server's message. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Page<T> {
  items: T[];
  resourceVersion: string;
}

/** Shorter than the remaining time of a Lease when its holder stops writing. */
const timeout = 4000;

/** Sends requests to the API server on few connections, with the client's credentials. */
export class Api {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(
    readonly config: KubeConfig,
    private readonly metrics: Metrics,
  ) {}

  async get<T>(path: string): Promise<T> {
    return this.send<T>("GET", path);
  }

  /** Like `get`; undefined if the object does not exist. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof Refusal && error.code === 404) return undefined;
      throw error;
    }
  }

  async send<T>(method: string, path: string, body?: object, type = "application/json"): Promise<T> {
    const server = this.config.getCurrentCluster()?.server ?? "";
    // Adds certificates and the current token, from a kubeconfig or a service account.
    const headers: OutgoingHttpHeaders = {};
    const options: RequestOptions = { headers };
    await this.config.applyToHTTPSOptions(options);
    const content = body === undefined ? "" : JSON.stringify(body);
    this.metrics.add("requests_total", `method="${method}"`);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort(new Error(`no answer within ${timeout} ms`));
    }, timeout);
    try {
      return await new Promise<T>((resolve, reject) => {
        const call = request(
          `${server}${path}`,
          {
            ...options,
            agent: this.agent,
            method,
            signal: abort.signal,
            headers: {
              ...headers,
              accept: "application/json",
              "content-type": type,
              "content-length": Buffer.byteLength(content),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
              const text = Buffer.concat(chunks).toString();
              const code = response.statusCode ?? 0;
              if (code < 300) resolve((text.startsWith("{") ? JSON.parse(text) : text) as T);
              else reject(new Refusal(code, `${method} ${path}: ${code} ${messageOf(text)}`));
            });
          },
        );
        call.on("error", reject);
        call.end(content);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** A list, page by page, to limit the size of each answer. */
  async *pages<T>(path: string, size: number): AsyncGenerator<Page<T>> {
    let next = "";
    do {
      const query = `limit=${size}${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`;
      const page = await this.get<{ items: T[]; metadata: { continue?: string; resourceVersion: string } }>(
        `${path}?${query}`,
      );
      yield { items: page.items, resourceVersion: page.metadata.resourceVersion };
      next = page.metadata.continue ?? "";
      // Gives time to other tasks and to garbage collection.
      await pause(1);
    } while (next !== "");
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim();
  }
}
