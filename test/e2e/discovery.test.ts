import assert from "node:assert/strict";
import { isRelease } from "../../offline/files";
import type { Resource } from "../../offline/graph";
import { stackValues } from "../support/record";
import { startControlPlane } from "./support/control-plane";
import type { ControlPlane } from "./support/control-plane";
import { eventually } from "./support/eventually";
import { nodeOf } from "./support/node-cleanup";
import { stopsAfter } from "./support/process";
import { diskOf, startProvisioner } from "./support/provisioner";
import type { ProvisionerValues, Volume } from "./support/provisioner";
import { withValue } from "./support/settings";
import { objectsOf, planSettings } from "./support/variants";

const storageClass = "fast-disks";
/** Three disks. */
const instanceType = "m8gd.12xlarge";
const disks = 3;
const kinds = ["bootstrap", "udev"] as const;
type Kind = (typeof kinds)[number];

for (const from of kinds)
  describe(`A live pool that switches its discovery from ${from}`, () => {
    const to: Kind = from === "bootstrap" ? "udev" : "bootstrap";
    const stopped = stopsAfter();
    const started: Provisioner[] = [];
    let cluster: ControlPlane;

    before(async () => {
      cluster = stopped(await startControlPlane(`discovery-${from}`));
      stopped({ stop: () => stopAll(started) });
      await up(cluster, started, from);
      await addNode(cluster, "old", from);
      await eventually(
        "the disks of the old node are offered",
        async () => (await volumesOf(cluster, "old")).length === disks,
      );
    });

    it(`to ${to} never offers a disk twice, and offers those of new nodes once`, async () => {
      await up(cluster, started, to);
      await addNode(cluster, "new", to);
      await eventually(
        "the disks of the new node are offered",
        async () => (await volumesOf(cluster, "new")).length >= disks,
      );
      await passes(started);
      for (const node of ["old", "new"]) {
        const offered = (await volumesOf(cluster, node)).map(diskOf).sort();
        assert.equal(new Set(offered).size, disks, `${node}: ${offered.join(", ")}`);
        assert.equal(offered.length, disks, `${node}: a disk is offered twice: ${offered.join(", ")}`);
      }
    });

    it("wipes and offers again what is released on nodes from before", async () => {
      const [volume] = await volumesOf(cluster, "old");
      assert.ok(volume);
      const claim = {
        ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" } },
        spec: {
          storageClassName: storageClass,
          volumeName: volume.metadata.name,
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
        },
      };
      await cluster.api.apply(claim);
      const phase = async () => (await cluster.api.get<Volume>(volume))?.status?.phase;
      await eventually("the volume is bound", async () => (await phase()) === "Bound");
      await cluster.api.delete(claim);
      await eventually("the disk is offered again", async () => {
        const again = await cluster.api.get<Volume>(volume);
        return again?.metadata.uid !== volume.metadata.uid && again?.status?.phase === "Available";
      });
    });
  });

type Provisioner = ReturnType<typeof startProvisioner>;

/** What an `up` with this discovery leaves in the cluster: the StorageClass, and the releases of the provisioner. */
async function up(cluster: ControlPlane, started: Provisioner[], discovery: Kind): Promise<void> {
  const resources = await plan(discovery);
  for (const { object } of objectsOf(resources).values())
    if (object.kind === "StorageClass") await cluster.api.apply(object);
  await stopAll(started);
  for (const release of resources.filter(isRelease))
    if (release.inputs.chart === "local-static-provisioner")
      started.push(
        startProvisioner(cluster, [release.inputs.values as ProvisionerValues], {
          bootstrapped: (node) => bootstrapped.has(node),
        }),
      );
  assert.ok(started.length > 0, "the plan has no release of the provisioner");
}

async function stopAll(started: Provisioner[]): Promise<void> {
  await Promise.all(started.splice(0).map((provisioner) => provisioner.stop()));
}

/** Nodes on which the bootstrap container has run. */
const bootstrapped = new Set<string>();

function plan(discovery: Kind): Promise<Resource[]> {
  return planSettings(withValue(stackValues("dev"), "pools/fast/discovery", discovery));
}

/** A node as Karpenter makes it from the pool's template. */
async function addNode(cluster: ControlPlane, name: string, discovery: Kind): Promise<void> {
  const pool = [...objectsOf(await plan(discovery)).values()].find(({ object }) => object.kind === "NodePool");
  const { template } = pool?.object.spec as { template: { metadata: { labels: Record<string, string> } } };
  if (discovery === "bootstrap") bootstrapped.add(name);
  else bootstrapped.delete(name);
  await cluster.api.apply({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...template.metadata.labels,
        "kubernetes.io/hostname": name,
        "node.kubernetes.io/instance-type": instanceType,
      },
    },
  });
}

async function volumesOf(cluster: ControlPlane, node: string): Promise<Volume[]> {
  return (await cluster.api.list<Volume>("v1", "PersistentVolume")).filter((volume) => nodeOf(volume) === node);
}

/** Waits until every provisioner has looked at all nodes again. */
async function passes(started: Provisioner[]): Promise<void> {
  const goals = started.map((provisioner) => provisioner.passes() + 3);
  await eventually("every provisioner has looked again", () =>
    Promise.resolve(started.every((provisioner, index) => provisioner.passes() >= (goals[index] ?? 0))),
  );
}
