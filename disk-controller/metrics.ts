const prefix = "fast_disks_controller_";

const kinds = {
  nodes: ["gauge", "Nodes with disks, by state."],
  disks: ["gauge", "Disks, by state."],
  node_missing_bytes: ["gauge", "Bytes of local disks that a node's volumes lack; only for nodes with missing disks."],
  claim_on_lost_node: ["gauge", "1 for each claim whose volume is on a lost node."],
  watch_connected: ["gauge", "Whether a resource is being watched."],
  leader: ["gauge", "Whether this replica writes."],
  last_sync_timestamp_seconds: ["gauge", "When this replica last finished a check without errors."],
  patches_total: ["counter", "Changes of nodes, by kind."],
  conflicts_total: ["counter", "Changes that failed because another client had changed the object."],
  errors_total: ["counter", "Failed operations, which are retried, by operation."],
  pods_deleted_total: ["counter", "Pods of lost nodes that were deleted."],
  requests_total: ["counter", "Requests to the API server, by method."],
} as const;
type Name = keyof typeof kinds;

/** Numbers of this process, in Prometheus's text format. */
export class Metrics {
  private readonly values = new Map<string, number>();

  set(name: Name, value: number, label = ""): void {
    this.values.set(keyOf(name, label), value);
  }

  add(name: Name, label = "", by = 1): void {
    this.values.set(keyOf(name, label), (this.values.get(keyOf(name, label)) ?? 0) + by);
  }

  /** Replaces all series of a name. */
  replace(name: Name, series: Map<string, number>): void {
    for (const key of this.values.keys()) if (key.split("{")[0] === name) this.values.delete(key);
    for (const [label, value] of series) this.set(name, value, label);
  }

  get(name: Name, label = ""): number {
    return this.values.get(keyOf(name, label)) ?? 0;
  }

  render(): string {
    const lines = Object.entries(kinds).flatMap(([name, [type, help]]) => {
      const series = [...this.values].filter(([key]) => key.split("{")[0] === name);
      const shown = series.length > 0 ? series : type === "counter" ? [] : [[name, 0] as const];
      return [
        `# HELP ${prefix}${name} ${help}`,
        `# TYPE ${prefix}${name} ${type}`,
        ...shown.map(([key, value]) => `${prefix}${key} ${value}`),
      ];
    });
    lines.push(
      "# TYPE process_resident_memory_bytes gauge",
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    );
    return `${lines.join("\n")}\n`;
  }
}

/** Labels are written as in the text format: `state="free"`. */
function keyOf(name: Name, label: string): string {
  return label === "" ? name : `${name}{${label}}`;
}
