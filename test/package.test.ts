import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as surface from "../components";
import { createSchema } from "../packaging/schema";
import type { Schema } from "../packaging/schema";
import { install, readSchema, startPlugin, userFolders } from "./support/package";
import type { Installed } from "./support/package";

const run = promisify(execFile);

const program = `
import { FastDisks, NodeCleanup, OnDrift, renderPlacement } from "eks-fast-disks";
import type { FastDisksArgs } from "eks-fast-disks";
import * as pulumi from "@pulumi/pulumi";

async function main(): Promise<void> {
  const seen: Record<string, string[]> = {};
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      (seen[type] ??= []).push(name);
      const state = { ...inputs, id: name, arn: "arn", name, metadata: { name }, repositoryUrl: "registry.example/a", repoDigest: "registry.example/a@sha256:${"0".repeat(64)}" };
      if (type === "pulumi:index:Stash") Object.assign(state, { output: inputs.input });
      if (type === "eks:index:Cluster")
        Object.assign(state, { eksCluster: { name, arn: "arn", endpoint: "https://api.example", certificateAuthority: { data: "" }, vpcConfig: { clusterSecurityGroupId: "sg-01234567" } } });
      return { id: name, state };
    },
    call: () => ({ region: "r", partition: "aws", accountId: "123456789012", userName: "u", password: "p", version: "v1.0.0-eksbuild.1", insecureValue: "1.66.0-0" }),
  });
  new NodeCleanup("own", { storageClasses: ["local"] });
  const args: FastDisksArgs = {
    network: { existingVpc: { vpcId: pulumi.output("vpc-01234567"), subnetIds: ["subnet-01234567", "subnet-89abcdef"] } },
    cluster: { name: "mine", kubernetesVersion: "1.35", privateOnly: true },
    bottlerocket: { version: "1.66.0" },
    karpenter: { version: "1.14.0" },
    pools: { fast: { instanceTypes: ["c8gd.xlarge"], onDrift: OnDrift.replace } },
  };
  const chain = new FastDisks("mine", args);
  const placements = await new Promise((resolve) => chain.placements.apply(resolve));
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify({ seen, placements, own: renderPlacement() }));
}
void main();
`;

describe("the package", () => {
  let installed: Installed;
  let folder: string;
  before(async () => {
    installed = await install();
    folder = installed.folder;
  });
  after(() => {
    installed.remove();
  });

  it("works in another program, the chain and a single component, with types", async () => {
    writeFileSync(join(folder, "program.ts"), program);
    const options = ["--strict", "--skipLibCheck", "--module", "commonjs", "--target", "es2022", "--esModuleInterop"];
    const compiled = await run(process.execPath, [require.resolve("typescript/bin/tsc"), ...options, "program.ts"], {
      cwd: folder,
    }).catch((error: unknown) => error as { stdout: string });
    assert.equal(compiled.stdout, "");
    const { stdout } = await run(process.execPath, ["program.js"], { cwd: folder });
    const lines = stdout.trim().split("\n");
    const { seen, placements, own } = JSON.parse(lines.at(-1) ?? "") as {
      own: object;
      seen: Record<string, string[]>;
      placements: object;
    };
    assert.deepEqual(seen["kubernetes:apps/v1:Deployment"]?.sort(), [
      "mine-cleanup-controller",
      "mine-disk-controller-deployment",
      "own-controller",
    ]);
    assert.match(
      seen["docker:index/image:Image"]?.join() ?? "",
      /^mine-boot-image-image-[0-9a-f]{16},mine-disk-controller-image-[0-9a-f]{16}$/,
    );
    assert.deepEqual(seen["kubernetes:karpenter.sh/v1:NodePool"], ["mine-fast-pool"]);
    assert.deepEqual(placements, { "fast-disks": own });
  });

  it("brings the policy pack, which starts from where npm puts it", async () => {
    const modules = join(folder, "node_modules");
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: join(modules, "eks-fast-disks/policies"),
    });
    let errors = "";
    pack.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const port = await new Promise<string>((resolve) => {
      pack.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
      pack.once("exit", () => resolve(""));
    });
    pack.kill();
    assert.match(port, /^\d+$/, errors);
  });
});

describe("the package's schema, for every Pulumi language", () => {
  let schema: Schema & Record<string, unknown>;
  let installed: Installed;
  const schemaFrom = async (folder: string) => {
    const plugin = await startPlugin(installed.target, folder);
    try {
      return JSON.parse(await readSchema(plugin)) as typeof schema;
    } finally {
      plugin.stop();
    }
  };
  before(async () => {
    installed = await install();
    schema = await schemaFrom(installed.folder);
  });
  after(() => {
    installed.remove();
  });

  for (const [what, create] of Object.entries(userFolders))
    it(`is the same from ${what}`, async () => {
      const folder = create();
      try {
        assert.deepEqual(await schemaFrom(folder), schema);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

  /** Every property of every class and type, by its path. */
  const properties = () =>
    [...Object.entries(schema.resources), ...Object.entries(schema.types)].flatMap(([token, of]) =>
      Object.entries({ ...("inputProperties" in of ? of.inputProperties : {}), ...of.properties }).map(
        ([name, property]) => ({ path: `${token.split(":")[2] ?? ""}.${name}`, property }),
      ),
    );

  it("is what the sources say; npm run schema writes it", () => {
    assert.deepEqual(schema, JSON.parse(JSON.stringify(createSchema())));
  });

  it("says who made it and where it is", () => {
    const repository = "https://github.com/eks-fast-disks/eks-fast-disks";
    const { displayName, publisher, homepage, license, keywords, pluginDownloadURL } = schema;
    assert.deepEqual(
      { displayName, publisher, homepage, license, pluginDownloadURL, repository: schema.repository },
      {
        displayName: "EKS fast disks",
        publisher: "eks-fast-disks",
        homepage: `${repository}#readme`,
        license: "Apache-2.0",
        pluginDownloadURL: "git://github.com/eks-fast-disks/eks-fast-disks",
        repository,
      },
    );
    assert.ok((keywords as string[]).includes("pulumi"));
  });

  it("describes every class, type, property and choice", () => {
    const named = [...Object.entries(schema.resources), ...Object.entries(schema.types)].map(([token, of]) => ({
      path: token,
      property: of,
    }));
    const choices = Object.entries(schema.types).flatMap(([token, { enum: list = [] }]) =>
      list.map((choice) => ({ path: `${token} ${choice.value}`, property: choice })),
    );
    const all = [...named, ...choices, ...properties()];
    assert.ok(all.length > 200);
    const bare = all.filter(
      ({ property: { description = "" } }) => description === "" || /^Default:/.test(description),
    );
    assert.deepEqual(
      bare.map(({ path }) => path),
      [],
    );
  });

  it("takes anything only where settings are free-form", () => {
    const any = properties().filter(({ property }) => JSON.stringify(property).includes("pulumi.json#/Any"));
    assert.deepEqual(
      any.map(({ path }) => path),
      ["BottlerocketSettingsArgs.further", "PlacementSpec.affinity"],
    );
  });

  it("has no property named as its class, which C# cannot compile, and no two that differ in case", () => {
    for (const [token, of] of [...Object.entries(schema.resources), ...Object.entries(schema.types)]) {
      const names = Object.keys({ ...("inputProperties" in of ? of.inputProperties : {}), ...of.properties });
      const name = token.split(":")[2] ?? "";
      assert.deepEqual(
        names.filter((one) => [name.toLowerCase(), "urn", "id", "pulumi"].includes(one.toLowerCase()) && one !== "id"),
        [],
        token,
      );
      assert.equal(new Set(names.map((one) => one.toLowerCase())).size, names.length, token);
    }
  });

  it("has every public class as a component", () => {
    const classes = Object.keys(surface).filter(
      (name) => typeof surface[name as keyof typeof surface] === "function" && /^[A-Z]/.test(name),
    );
    assert.deepEqual(
      Object.keys(schema.resources).sort(),
      classes.map((name) => `eks-fast-disks:index:${name}`).sort(),
    );
    assert.ok(Object.values(schema.resources).every(({ isComponent }) => isComponent));
  });

  it("has each class's inputs, and which are required", () => {
    const inputs: Record<string, string> = Object.fromEntries(
      Object.entries(schema.resources).map(([token, { inputProperties, requiredInputs }]) => [
        token.split(":")[2] ?? "",
        Object.keys(inputProperties)
          .sort()
          .map((name) => (requiredInputs.includes(name) ? `${name}!` : name))
          .join(" "),
      ]),
    );
    assert.deepEqual(inputs, {
      AddOns: "clusterName! kubernetesVersion! tags versions!",
      BootImage: "forceDelete reference tags",
      Cluster:
        "addOns admins awsProfile deletionProtection kubernetesVersion! logRetentionDays logTypes name! privateOnly publicAccessCidrs subnetIds! tags vpcId!",
      DiskController: "capacity forceDelete reference storageClasses! tags",
      DiskNodeGroup:
        "bootImage bottlerocket bottlerocketVersion! capacity capacityType clusterName! clusterSettings dataVolumeGiB discovery forceUpdateVersion instanceTypes! kubernetesVersion labels maxSize maxUnavailable minSize onMissing rootVolumeGiB storageClass subnetIds! tags taint",
      ExistingCluster: "awsProfile name!",
      FastDisks:
        "bootImage bottlerocket! capacity cluster diskController existingCluster existingKarpenter karpenter monitoring network nodeCleanup nodeGroups pools prometheus storageClasses systemNodes tags",
      InterruptionQueue: "onMaintenance tags",
      Karpenter: "capacity clusterName! interruptionQueue! version!",
      KarpenterIdentity: "clusterName! createdClusterName instanceProfiles onMaintenance queueArn! tags",
      LocalVolumes: "storageClasses!",
      Monitoring:
        "dashboardLabel diskControllerNamespace karpenterNamespace labels localVolumesNamespace namespace nodeCleanupNamespace nodePools storageClasses!",
      Network: "clusterName! existingVpc newVpc tags",
      NodeCleanup: "claimDeletionDelay discoveryInterval storageClasses!",
      NodePool:
        "bootImage bottlerocket bottlerocketVersion! capacity capacityTypes clusterSettings consolidateAfter dataVolumeGiB discovery disks expireAfter instanceProfile instanceTypes labels limits onDrift onMissing requirements role rootVolumeGiB securityGroupSelectorTerms! storageClass subnetSelectorTerms! tags taint terminationGracePeriod",
      SystemNodes:
        "bottlerocket bottlerocketVersion! clusterName! clusterSettings dataVolumeGiB instanceTypes kubernetesVersion! maxSize minSize rootVolumeGiB subnetIds! tags",
    });
  });

  it("has each choice as an enum", () => {
    const enums = Object.entries(schema.types).flatMap(([token, type]) =>
      type.enum
        ? [
            [
              token.split(":")[2],
              type.enum
                .map(({ value }) => value)
                .sort()
                .join(" "),
            ],
          ]
        : [],
    );
    assert.deepEqual(Object.fromEntries(enums), {
      BootstrapMode: "always off once",
      CapacityType: "on-demand spot",
      DiskCapacity: "counted exclusive",
      Discovery: "bootstrap udev",
      FileSystem: "ext4 xfs",
      NatGateways: "OnePerAz Single",
      OnDrift: "hold replace",
      OnMaintenance: "hold replace",
      OnMissing: "continue fail",
      ReclaimPolicy: "Delete Retain",
      VolumeMode: "Block Filesystem",
      Wipe: "discard quick shred zero",
    });
  });

  it("has no reference that leads nowhere", () => {
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = ""]) => target);
    assert.ok(references.length > 30);
    const dangling = references.filter((target) => target.startsWith("#/types/") && !(target.slice(8) in schema.types));
    assert.deepEqual(dangling, []);
    const foreign = new Set(references.filter((target) => !target.startsWith("#/types/")));
    for (const target of foreign)
      assert.match(target, /^pulumi\.json#\/Any$|^\/(aws|eks)\/v[\d.]+\/schema\.json#\/resources\//, target);
  });
});
