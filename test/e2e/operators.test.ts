import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { ControlPlane } from "./support/control-plane";
import { startControlPlane } from "./support/control-plane";
import { eventually } from "./support/eventually";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { root, stopsAfter } from "./support/process";
import { moduleOf } from "./support/tools";

const definitions = {
  "cloudnative-pg.yaml": {
    folder: moduleOf("operators", "github.com/cloudnative-pg/cloudnative-pg"),
    file: "config/crd/bases/postgresql.cnpg.io_clusters.yaml",
  },
  "elasticsearch.yaml": {
    folder: moduleOf("operators", "github.com/elastic/cloud-on-k8s/v3"),
    file: "config/crds/v1/resources/elasticsearch.k8s.elastic.co_elasticsearches.yaml",
  },
  "rabbitmq.yaml": {
    folder: moduleOf("operators", "github.com/rabbitmq/cluster-operator/v2"),
    file: "config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml",
  },
};

function read(file: string): KubernetesObject[] {
  return parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as KubernetesObject);
}

describe("examples of operators' own objects", () => {
  const examples = join(root, "examples", "operators");
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  before(async () => {
    cluster = stopped(await startControlPlane("operators"));
  });

  it("each have the definition that their operator publishes", () => {
    assert.deepEqual(readdirSync(examples).sort(), Object.keys(definitions).sort());
    for (const { folder, file } of Object.values(definitions)) assert.ok(existsSync(join(folder(), file)), file);
  });

  for (const [example, { folder, file }] of Object.entries(definitions))
    it(`${example} is accepted strictly, and a misspelt field in it is not`, async () => {
      for (const definition of read(join(folder(), file))) await cluster.api.apply(definition);
      const [object] = read(join(examples, example));
      assert.ok(object);
      const own = { ...object, metadata: { ...object.metadata, namespace: "default" } };
      await eventually(`${object.kind} is served`, async () => {
        try {
          return await cluster.api.apply(own, { dryRun: true });
        } catch (error) {
          if (error instanceof Refusal && error.code === 404) return undefined;
          throw error;
        }
      });
      const misspelt = { ...own, spec: { ...(object.spec as object), replicass: 1 } };
      await assert.rejects(cluster.api.apply(misspelt, { dryRun: true }), /unknown field|field not declared/);
    });
});
