import type { Api } from "./api";
import type { NodeRecord } from "./records";

/** An hour, as long as the server keeps an Event. */
const kept = 3600_000;

/** Writes events about a node's problems, each once an hour. */
export class Events {
  private readonly said = new Map<string, number>();

  constructor(
    private readonly api: Pick<Api, "send">,
    private readonly reporter: string,
  ) {}

  async warn({ metadata: { name, uid } }: NodeRecord, reason: string, message: string): Promise<void> {
    const key = `${uid}/${reason}`;
    const now = Date.now();
    if ((this.said.get(key) ?? 0) > now - kept) return;
    for (const [other, at] of this.said) if (at <= now - kept) this.said.delete(other);
    const time = new Date(now).toISOString().replace(/\.\d+/, "");
    await this.api.send("POST", "/api/v1/namespaces/default/events", {
      apiVersion: "v1",
      kind: "Event",
      metadata: { generateName: "fast-disks-" },
      involvedObject: { apiVersion: "v1", kind: "Node", name, uid },
      type: "Warning",
      reason,
      message: message.length > 1000 ? `${message.slice(0, 1000)}…` : message,
      source: { component: "eks-fast-disks-controller" },
      reportingComponent: "eks-fast-disks/controller",
      reportingInstance: this.reporter,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    });
    // An event that the server has not accepted is sent again.
    this.said.set(key, now);
  }
}
