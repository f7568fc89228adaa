import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import * as surface from "../components";

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

/**
 * Unpacks what `npm publish` would send into a project of its own. Only the dependencies that it declares are there, and
 * come from our own folder: a registry takes as long as it likes.
 */
async function install(folder: string): Promise<void> {
  await run("npm", ["pack", "--silent", "--pack-destination", folder]);
  const [tarball = ""] = readdirSync(folder);
  const target = join(folder, "node_modules/eks-fast-disks");
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components", "1"]);
  const { dependencies } = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies)) {
    const source = resolve("node_modules", name);
    const installed = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
    assert.equal(installed.version.replace(/^v/, ""), version, name);
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(source, join(folder, "node_modules", name));
  }
}

describe("the package", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
    await install(folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
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
    assert.deepEqual(seen["kubernetes:apps/v1:Deployment"]?.sort(), ["mine-cleanup-controller", "own-controller"]);
    assert.match(seen["docker:index/image:Image"]?.join() ?? "", /^mine-boot-image-image-[0-9a-f]{16}$/);
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

interface Schema {
  name: string;
  resources: Record<
    string,
    { inputProperties: Record<string, object>; requiredInputs?: string[]; isComponent: boolean }
  >;
  types: Record<string, { enum?: { value: string }[] }>;
}

/** Asks Pulumi's own plugin runner, as the engine does for every other language. */
function readSchema(): Promise<Schema> {
  const host = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/run-plugin"), ".", "127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise<Schema>((resolve, reject) => {
    let errors = "";
    host.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    host.on("exit", () => {
      reject(new Error(errors));
    });
    host.stdout.once("data", (port: Buffer) => {
      const client = new services.ResourceProviderClient(
        `127.0.0.1:${port.toString().trim()}`,
        grpc.credentials.createInsecure(),
      );
      client.getSchema(new messages.GetSchemaRequest(), (error: Error | null, response: messages.GetSchemaResponse) => {
        client.close();
        if (error) reject(error);
        else resolve(JSON.parse(response.getSchema()) as Schema);
      });
    });
  }).finally(() => host.kill());
}

describe("the package's schema, for every Pulumi language", () => {
  let schema: Schema;
  before(async () => {
    schema = await readSchema();
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
          .map((name) => (requiredInputs?.includes(name) ? `${name}!` : name))
          .join(" "),
      ]),
    );
    assert.deepEqual(inputs, {
      AddOns: "clusterName! kubernetesVersion! tags versions!",
      BootImage: "forceDelete reference tags",
      Cluster:
        "addOns admins awsProfile deletionProtection kubernetesVersion! logRetentionDays logTypes name! privateOnly publicAccessCidrs subnetIds! tags vpcId!",
      FastDisks:
        "bootImage bottlerocket! cluster! karpenter! network! nodeCleanup pools! storageClasses systemNodes tags",
      InterruptionQueue: "onMaintenance tags",
      Karpenter: "clusterName! interruptionQueue! version!",
      KarpenterIdentity: "clusterName! createdClusterName instanceProfiles onMaintenance queueArn! tags",
      LocalVolumes: "storageClasses!",
      Network: "clusterName! existingVpc newVpc tags",
      NodeCleanup: "claimDeletionDelay discoveryInterval storageClasses!",
      NodePool:
        "bootImage bottlerocket bottlerocketVersion! capacityTypes clusterSettings consolidateAfter dataVolumeGiB discovery expireAfter instanceProfile instanceTypes labels limits onDrift onMissing requirements role rootVolumeGiB securityGroupSelectorTerms! storageClass subnetSelectorTerms! tags taint terminationGracePeriod",
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
