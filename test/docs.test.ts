import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { renderPlacement } from "../components/manifests/placement";
import { capacityOfPool } from "../components/manifests/node-pool";
import { schema } from "../stacks/settings";
import { settingsOf } from "./support/record";

const readme = readFileSync("README.md", "utf8");

interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
}

/** Paths of settings down to the second level, or to a pool's own. */
function pathsOf(node: Node, path: string[] = []): string[][] {
  const named: Record<string, Node> =
    typeof node.additionalProperties === "object" ? { "<name>": node.additionalProperties } : {};
  return Object.entries({ ...node.properties, ...named }).flatMap(([key, child]) => [
    [...path, key],
    ...pathsOf(child, [...path, key]),
  ]);
}

describe("the README", () => {
  it("has every setting in its table", () => {
    const [table = ""] = /\| setting \|[^]*?\n\n/.exec(readme) ?? [];
    const deep = /^(bottlerocket\.settings|.*\.bottlerocket)\.|requirements\.|subnets\.|tags\.|labels\.|limits\./;
    const root: unknown = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });
    const paths = pathsOf(root as Node).map((path) => path.join("."));
    assert.ok(paths.length > 60);
    const missing = paths.filter(
      (path) => !deep.test(path) && !path.split(".").every((key) => new RegExp(`[\`.]${key}[\`.]`).test(table)),
    );
    assert.deepEqual(missing, []);
  });

  it("counts the lines of its reading order, to the nearest ten", () => {
    const rows = [...readme.matchAll(/^\| `([\w./-]+)` \| (\d+) \|/gm)];
    assert.ok(rows.length > 5);
    for (const [, file = "", lines] of rows) {
      const count = readFileSync(file, "utf8").trimEnd().split("\n").length;
      assert.equal(Number(lines), Math.round(count / 10) * 10, file);
    }
  });

  it("names only commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    for (const text of [readme, readFileSync("CONTRIBUTING.md", "utf8")])
      for (const [, command = ""] of text.matchAll(/npm run\s+([\w:]+)/g)) assert.ok(command in scripts, command);
  });
});

describe("examples/statefulset.yaml", () => {
  it("places its pods by the output, and claims what every node of the dev pool holds", () => {
    const documents = parseAllDocuments(readFileSync("examples/statefulset.yaml", "utf8")).map(
      (document) => document.toJS() as { kind: string },
    );
    const { spec } = documents.find(({ kind }) => kind === "StatefulSet") as unknown as {
      spec: {
        template: { metadata: { labels: object }; spec: Record<string, unknown> };
        volumeClaimTemplates: { spec: { storageClassName: string; resources: { requests: { storage: string } } } }[];
      };
    };
    const placement = renderPlacement("fast-disks");
    for (const [key, value] of Object.entries(placement.spec)) assert.deepEqual(spec.template.spec[key], value);
    for (const entry of Object.entries(placement.labels))
      assert.ok(Object.entries(spec.template.metadata.labels).some((own) => own.join() === entry.join()));
    const [claim] = spec.volumeClaimTemplates;
    assert.equal(claim?.spec.storageClassName, "fast-disks");
    const { fast } = settingsOf("dev").pools;
    assert.ok(fast && parseInt(claim.spec.resources.requests.storage) <= capacityOfPool(fast).largestClaimGi);
  });
});
