import { Refusal } from "./api";
import type { Api } from "./api";
import type { Change } from "./disks";
import { log } from "./log";
import type { Metrics } from "./metrics";
import { fieldManager, nodeRecord, resource, taintKey } from "./records";
import type { Node, NodeRecord } from "./records";

/** Writes a node's taint and number, and nothing else of the node. */
export class NodeWriter {
  constructor(
    private readonly api: Api,
    private readonly metrics: Metrics,
  ) {}

  async write(node: NodeRecord, { taint, advertise }: Change): Promise<void> {
    try {
      // The number first: after a change of mode the scheduler must always see one of the two.
      if (advertise !== undefined) await this.advertise(node, advertise);
      if (taint !== undefined) await this.taint(node, taint);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // 422: a test of the patch failed, or the taint exists already. 409: a new node has this name.
      if (error.code === 409 || error.code === 422) {
        this.metrics.add("conflicts_total");
        await this.refresh(node);
      } else if (error.code !== 404) throw error;
    }
  }

  /** Server-side apply with force; leaving the number out removes it only if no other client has written it since. */
  private async advertise(node: NodeRecord, number: string): Promise<void> {
    const { name, uid } = node.metadata;
    const amount = number === "none" ? {} : { [resource]: number };
    const written = await this.api.send<Node>(
      "PATCH",
      `/api/v1/nodes/${name}/status?fieldManager=${fieldManager}&force=true`,
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name, uid },
        status: number === "none" ? {} : { capacity: amount, allocatable: amount },
      },
      "application/apply-patch+yaml",
    );
    this.metrics.add("patches_total", 'kind="count"');
    log("info", number === "none" ? "disks no longer advertised" : "disks advertised", { node: name, disks: number });
    Object.assign(node, nodeRecord(written));
  }

  /** The server merges taints only as a whole list. A JSON patch first tests the list, then changes one taint. */
  private async taint(node: NodeRecord, change: "add" | "remove"): Promise<void> {
    const { name, uid } = node.metadata;
    const index = node.taints.findIndex(({ key }) => key === taintKey);
    const taint = { key: taintKey, effect: "NoSchedule" };
    const steps =
      change === "remove"
        ? [
            { op: "test", path: `/spec/taints/${index}`, value: node.taints[index] },
            { op: "remove", path: `/spec/taints/${index}` },
          ]
        : node.taints.length > 0
          ? [{ op: "add", path: "/spec/taints/-", value: taint }]
          : [
              { op: "test", path: "/spec/taints", value: null },
              { op: "add", path: "/spec/taints", value: [taint] },
            ];
    const written = await this.api.send<Node>(
      "PATCH",
      `/api/v1/nodes/${name}?fieldManager=${fieldManager}`,
      [{ op: "test", path: "/metadata/uid", value: uid }, ...steps],
      "application/json-patch+json",
    );
    this.metrics.add("patches_total", 'kind="taint"');
    log("info", change === "add" ? "node tainted: no disk for another consumer" : "taint removed", { node: name });
    Object.assign(node, nodeRecord(written));
  }

  /** Reads a node again after a conflict. */
  private async refresh(node: NodeRecord): Promise<void> {
    Object.assign(node, nodeRecord(await this.api.get<Node>(`/api/v1/nodes/${node.metadata.name}`)));
  }
}
