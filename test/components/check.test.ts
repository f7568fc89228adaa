import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { FastDisks, Karpenter, LocalVolumes, Network, NodePool, SystemNodes } from "../../components";
import type { FastDisksArgs } from "../../components";
import { recordGraph } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { validateConfig } from "../../stacks/settings";

type Values = Record<string, unknown>;

/** What a program throws, and what it registered before. */
async function errorsOf(program: () => unknown): Promise<{ errors: string[]; types: string[] }> {
  const types: string[] = [];
  const mocks = new Placeholders("us-east-1");
  const newResource = mocks.newResource.bind(mocks);
  mocks.newResource = (args) => {
    if (args.type !== "pulumi:pulumi:Stack") types.push(args.type);
    return newResource(args);
  };
  const run = { project: "eks-fast-disks", stack: "test", config: {}, mocks };
  try {
    await recordGraph(() => Promise.resolve({ made: program() !== undefined }), run);
    return { errors: [], types };
  } catch (error) {
    const [, ...errors] = (error as Error).message.split("\n  ");
    return { errors, types };
  }
}

function settings(): FastDisksArgs & Values {
  return {
    network: { newVpc: {} },
    cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["8.8.8.0/24"] },
    bottlerocket: { version: "1.66.0" },
    karpenter: { version: "1.14.0" },
    pools: { fast: { instanceTypes: ["c8gd.xlarge"] } },
  };
}

function set(target: object, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at = target as Values;
  for (const key of keys) at = (at[key] ??= {}) as Values;
  at[last] = value;
}

/** A component by itself, with the rest of what it needs, and the path at which its spec stands in the whole. */
interface Single {
  path: string;
  create: (spec: object) => unknown;
}

const pool: Single = {
  path: "pools.fast",
  create: (spec) =>
    new NodePool("fast", {
      ...spec,
      bootImage: `registry.example/boot@sha256:${"0".repeat(64)}`,
      bottlerocketVersion: "1.66.0",
      role: "node",
      subnetSelectorTerms: [{ tags: { a: "b" } }],
      securityGroupSelectorTerms: [{ tags: { a: "b" } }],
    }),
};
const network: Single = { path: "network", create: (spec) => new Network("network", { ...spec, clusterName: "dev" }) };
const classes: Single = {
  path: "storageClasses",
  create: (spec) => new LocalVolumes("volumes", { storageClasses: { ...spec } }),
};
const system: Single = {
  path: "systemNodes",
  create: (spec) =>
    new SystemNodes("system", {
      ...spec,
      clusterName: "dev",
      subnetIds: ["subnet-0123456789abcdef0"],
      kubernetesVersion: "1.35",
      bottlerocketVersion: "1.66.0",
    }),
};
const karpenter: Single = {
  path: "karpenter",
  create: (spec) =>
    new Karpenter("karpenter", { version: "", ...spec, clusterName: "dev", interruptionQueue: "queue" }),
};

/** Wrong specs: where, what, and whether the place takes an Output. */
const wrong: [single: Single, key: string, value: unknown, plain?: "plain"][] = [
  [pool, "limits", { cpu: 100 }],
  [pool, "limits", { cpu: "0" }],
  [pool, "limits", { nodes: "5" }],
  [pool, "capacityTypes", ["onDemand"]],
  [pool, "capacityTypes", ["on-demand"]],
  [pool, "onDrift", "keep"],
  [pool, "consolidateAfter", 300],
  [pool, "consolidateAfter", "5 minutes"],
  [pool, "expireAfter", "30d"],
  [pool, "instanceTypes", ["m7i.large"]],
  [pool, "requirements", [{ key: "a", operator: "gt" }]],
  [pool, "labels", { "karpenter.sh/x": "y" }],
  [pool, "taint", "no"],
  [pool, "rootVolumeGiB", 2],
  [pool, "bottlerocket", { kernel: { sysctl: { "a..b": "1" } } }],
  [pool, "bottlerocket", { hostContainers: { contrl: { enabled: true } } }],
  [pool, "discovery", "uuid", "plain"],
  [pool, "taints", true, "plain"],
  [network, "newVpc.cidrBlock", "11.0.0.0/16"],
  [network, "newVpc.cidrBlock", "10.0.0.1/16"],
  [network, "newVpc.zones", 9, "plain"],
  [network, "newVPC", {}, "plain"],
  [network, "existingVpc", { vpcId: "x", subnetIds: ["subnet-0123456789abcdef0"] }, "plain"],
  [classes, "fast-disks", { reclaimPolicy: "delete" }, "plain"],
  [classes, "fast-disks", { volumeMode: "Block", fileSystem: "xfs" }, "plain"],
  [system, "minSize", 1],
  [system, "instanceTypes", ["m7i.large"]],
  [karpenter, "version", 1.14],
  [karpenter, "version", "1.13.0"],
];

describe("a wrong spec", () => {
  for (const [single, key, value, plain] of wrong) {
    const path = `${single.path}.${key}`;
    it(`has the same errors in a stack file, in FastDisks and in its component, also as an Output: ${path} ${JSON.stringify(value)}`, async () => {
      const args = settings();
      set(args, path, value);
      const config = Object.entries(args).map(([name, section]) => [`eks-fast-disks:${name}`, JSON.stringify(section)]);
      const inFile = validateConfig(Object.fromEntries(config) as Record<string, string>, "eks-fast-disks");
      assert.ok(inFile.length > 0);
      assert.equal(new Set(inFile).size, inFile.length);

      const whole = await errorsOf(() => new FastDisks("chain", args));
      assert.deepEqual(whole.errors, inFile);
      assert.deepEqual(whole.types, ["eks-fast-disks:index:FastDisks"]);

      const spec = at(args, single.path);
      const alone = await errorsOf(() => single.create(spec));
      const prefix = single === classes ? "" : `${single.path}.`;
      assert.deepEqual(
        alone.errors,
        inFile.map((error) => error.replaceAll(prefix, "")),
      );

      if (plain) return;
      const later = structuredClone(args);
      set(later, path, pulumi.output(value));
      const applied = await errorsOf(() => single.create(at(later, single.path)));
      assert.deepEqual(applied.errors, alone.errors);
    });
  }
});

function at(target: object, path: string): object {
  return path.split(".").reduce((inner, key) => (inner as Record<string, object>)[key] ?? {}, target);
}

describe("checkArgs", () => {
  it("says all errors of what is known at once, whatever else comes later", async () => {
    const args = settings();
    set(args, "pools.fast.onDrift", "keep");
    set(args, "cluster.name", "a.b");
    set(args, "network.newVpc.cidrBlock", pulumi.output("11.0.0.0/16"));
    const { errors, types } = await errorsOf(() => new FastDisks("chain", args));
    assert.deepEqual(errors, [
      'pools.fast.onDrift: must be one of hold, replace, got "keep"',
      'cluster.name: must be 1 to 100 letters, digits, hyphens and underscores, got "a.b"',
    ]);
    assert.deepEqual(types, ["eks-fast-disks:index:FastDisks"]);
  });

  it("makes nothing of Outputs while one of them is wrong", async () => {
    const args = settings();
    set(args, "cluster.name", pulumi.output("a.b"));
    set(args, "tags", pulumi.output({ environment: "dev" }));
    const { errors, types } = await errorsOf(() => new FastDisks("chain", args));
    assert.deepEqual(errors, ['cluster.name: must be 1 to 100 letters, digits, hyphens and underscores, got "a.b"']);
    for (const type of ["aws:ec2/vpc:Vpc", "eks:index:Cluster"]) assert.ok(!types.includes(type), type);
  });

  it("takes what is unknown in a preview for no error, and what is known later", async () => {
    const args = settings();
    for (const path of ["cluster.name", "network.newVpc.cidrBlock", "pools.fast.limits", "karpenter.version", "tags"])
      set(args, path, pulumi.output(pulumi.unknown));
    assert.deepEqual((await errorsOf(() => new FastDisks("chain", args))).errors, []);
    const right = settings();
    set(right, "cluster.name", pulumi.output("dev"));
    set(right, "pools.fast.instanceTypes", [pulumi.output("c8gd.xlarge")]);
    const { errors, types } = await errorsOf(() => new FastDisks("chain", right));
    assert.deepEqual(errors, []);
    assert.ok(types.includes("kubernetes:karpenter.sh/v1:NodePool"));
  });
});
