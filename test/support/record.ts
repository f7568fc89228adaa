import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { FastDisksArgs } from "../../components/manifests/fast-disks";
import { recordGraph } from "../../offline/graph";
import type { Graph, Resource } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { parseSettings } from "../../stacks/settings";

/** Constructs what `program` makes under mocks and records it. */
export function record(
  program: () => unknown,
  mocks: pulumi.runtime.Mocks = new Placeholders("us-east-1"),
): Promise<Graph> {
  return recordGraph(
    () => {
      program();
      return Promise.resolve({});
    },
    { project: "eks-fast-disks", stack: "test", config: {}, mocks },
  );
}

/** The values of a stack file's own settings, not yet parsed. */
export function stackValues(stack: string): Record<string, unknown> {
  const { config } = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  const prefix = "eks-fast-disks:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

export function settingsOf(stack: string): FastDisksArgs {
  return parseSettings(stackValues(stack));
}

/** The one resource with this type and name. */
export function only(graph: Graph, type: string, name?: RegExp): Resource {
  const found = graph.resources.filter((it) => it.type === type && (name?.test(it.name) ?? true));
  assert.equal(found.length, 1, `one ${type} ${String(name)}, found ${found.map((it) => it.name).join(", ")}`);
  return found[0] as Resource;
}

export function typesOf(graph: Graph): string[] {
  return graph.resources.map(({ type }) => type).sort();
}
