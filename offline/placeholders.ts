import type { MockCallArgs, MockCallResult, MockResourceArgs, MockResourceResult, Mocks } from "@pulumi/pulumi/runtime";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import { createHash } from "node:crypto";

type Values = Record<string, unknown>;

const accountId = "123456789012";
const subnetsPerTerm = 1;

/** Prefixes of AWS's ids, by kind of resource. */
const prefixes: Record<string, string> = {
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/internetGateway:InternetGateway": "igw",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/eip:Eip": "eipalloc",
  "aws:ec2/natGateway:NatGateway": "nat",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
};

/**
 * Placeholders for values that only AWS and Kubernetes know: each is a valid value of its kind, the same in every run.
 */
export class Placeholders implements Mocks {
  private readonly noted = new Map<string, Set<string>>([["account", new Set([accountId])]]);

  constructor(
    private readonly region: string,
    /** Values that an earlier run of the stack stored, by name of the Stash. */
    private readonly remembered: Record<string, unknown> = {},
  ) {}

  /** The placeholders in use by kind, both in alphabetical order. */
  get used(): Record<string, string[]> {
    return Object.fromEntries([...this.noted].sort(byKey).map(([kind, values]) => [kind, [...values].sort()]));
  }

  newResource({ type, name, inputs }: MockResourceArgs): MockResourceResult {
    const values = inputs as Values;
    const id = `${name}-${hex(type + name, 7)}`;
    if (type.startsWith("kubernetes:")) return this.kubernetes(id, type, values);
    return { id, ...this.aws(id, type, name, values) };
  }

  call({ token, inputs }: MockCallArgs): MockCallResult {
    const values = inputs as Values;
    switch (token) {
      case "aws:index/getRegion:getRegion":
        return { region: this.region, id: this.region };
      case "aws:index/getPartition:getPartition":
        return { partition: "aws", dnsSuffix: "amazonaws.com" };
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { accountId };
      case "aws:index/getAvailabilityZones:getAvailabilityZones":
        return {
          names: ["a", "b", "c", "d", "e", "f"].map((letter) =>
            this.note("availability zones", `${this.region}${letter}`),
          ),
        };
      case "aws:ec2/getVpc:getVpc":
        return { id: this.ids("vpc", JSON.stringify(values), 1)[0] };
      case "aws:ec2/getSubnets:getSubnets":
        return { ids: this.ids("subnet", JSON.stringify(values), subnetsPerTerm) };
      case "aws:eks/getCluster:getCluster":
        return this.existingCluster(String(values.name));
      case "aws:eks/getAccessEntry:getAccessEntry":
        return { type: "EC2_LINUX", principalArn: values.principalArn };
      case "aws:iam/getRole:getRole": {
        const trust = { Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }] };
        const arn = this.note("existing role", `arn:aws:iam::${accountId}:role/${String(values.name)}`);
        return { name: values.name, arn, assumeRolePolicy: JSON.stringify(trust) };
      }
      case "aws:iam/getInstanceProfile:getInstanceProfile": {
        const name = String(values.name);
        return { roleArn: this.note("instance profile's role", `arn:aws:iam::${accountId}:role/${name}-role`) };
      }
      case "aws:eks/getAddonVersion:getAddonVersion":
        return { version: this.note("add-on version, most recent", "v1.0.0-eksbuild.1") };
      case "aws:ssm/getParameter:getParameter": {
        const version = String(values.name).split("/").at(-2) ?? "";
        return { insecureValue: this.note("Bottlerocket's image_version", `${version}-${hex(version, 8)}`) };
      }
      case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
        return { userName: "AWS", password: "placeholder" };
      default:
        throw new Error(`the plan has no placeholder value for ${token}; add one to offline/placeholders.ts`);
    }
  }

  private aws(id: string, type: string, name: string, inputs: Values): { id?: string; state: Values } {
    const arn = (service: string, resource: string, account = accountId) =>
      `arn:aws:${service}:${service === "iam" ? "" : this.region}:${account}:${resource}`;
    const named = (values: Values, physical = id) => ({
      id: physical,
      state: { ...inputs, name: physical, ...values },
    });
    switch (type) {
      case "pulumi:index:Stash":
        return { id, state: { input: inputs.input, output: this.remembered[name] ?? inputs.input } };
      case "eks:index:Cluster":
        return { state: this.cluster(name, inputs) };
      case "aws:eks/nodeGroup:NodeGroup":
        return { id, state: { ...inputs, nodeGroupName: id } };
      case "aws:ecr/repository:Repository": {
        const host = `${accountId}.dkr.ecr.${this.region}.amazonaws.com`;
        return named({ registryId: accountId, repositoryUrl: this.note("image repository", `${host}/${id}`) });
      }
      case "docker:index/image:Image": {
        const image = String(inputs.imageName);
        const digest = this.note("image", `${image.replace(/:[^:/]+$/, "")}@sha256:${hex(image, 64)}`);
        return { id: digest, state: { ...inputs, repoDigest: digest } };
      }
      case "aws:ec2/launchTemplate:LaunchTemplate":
        return named({ latestVersion: 1 }, this.note("launch template", `lt-${hex(id, 17)}`));
      case "aws:iam/role:Role":
        return named({ arn: arn("iam", `role/${id}`) });
      case "aws:iam/policy:Policy":
        return named({ arn: arn("iam", `policy/${id}`) });
      case "aws:sqs/queue:Queue": {
        const url = `https://sqs.${this.region}.amazonaws.com/${accountId}/${id}`;
        return named({ arn: this.note("interruption queue", arn("sqs", id)), url }, id);
      }
      case "aws:cloudwatch/eventRule:EventRule":
        return named({ arn: arn("events", `rule/${id}`) });
      default:
        return prefixes[type] === undefined
          ? { state: inputs }
          : { id: this.ids(prefixes[type], name, 1)[0], state: inputs };
    }
  }

  private existingCluster(name: string): Values {
    const endpoint = `https://${hex(name, 32).toUpperCase()}.gr7.${this.region}.eks.amazonaws.com`;
    const [clusterSecurityGroupId] = this.ids("sg", name, 1);
    const [vpcId] = this.ids("vpc", name, 1);
    return {
      name,
      endpoint: this.note("API endpoint", endpoint),
      version: this.note("existing cluster's version", "1.35"),
      certificateAuthorities: [{ data: Buffer.from("placeholder").toString("base64") }],
      accessConfigs: [{ authenticationMode: "API_AND_CONFIG_MAP" }],
      vpcConfig: { clusterSecurityGroupId, vpcId, subnetIds: this.ids("subnet", name, 2) },
    };
  }

  private cluster(name: string, inputs: Values): Values {
    const clusterName = String(inputs.name);
    const [clusterSecurityGroupId] = this.ids("sg", name, 1);
    const arn = `arn:aws:eks:${this.region}:${accountId}:cluster/${clusterName}`;
    const endpoint = this.note(
      "API endpoint",
      `https://${hex(name, 32).toUpperCase()}.gr7.${this.region}.eks.amazonaws.com`,
    );
    const state = {
      name: clusterName,
      arn,
      endpoint,
      certificateAuthority: { data: Buffer.from("placeholder").toString("base64") },
      vpcConfig: { clusterSecurityGroupId },
      version: inputs.version ?? "",
    };
    return { eksCluster: reference("aws:eks/cluster:Cluster", `${name}-eksCluster`, state) };
  }

  private kubernetes(id: string, type: string, inputs: Values): MockResourceResult {
    if (type.endsWith(":Release")) return { id, state: { ...inputs, name: id } };
    const metadata = (inputs.metadata ?? {}) as Values;
    return { id, state: { ...inputs, metadata: { name: id, ...metadata } } };
  }

  private ids(kind: string, seed: string, count: number): string[] {
    return Array.from({ length: count }, (_, index) =>
      this.note(`${kind} id`, `${kind}-${hex(`${seed}${index}`, 17)}`),
    );
  }

  private note(kind: string, value: string): string {
    this.noted.set(kind, (this.noted.get(kind) ?? new Set()).add(value));
    return value;
  }
}

/**
 * A resource inside a remote component, as Pulumi gives it to the program. The program then reads it from the monitor.
 */
function reference(type: string, name: string, state: Values): Values {
  const urn = `urn:pulumi:plan::eks-fast-disks::${type}::${name}`;
  const { resources } = getMonitor() as unknown as { resources: Map<string, Values> };
  resources.set(urn, { urn, id: name, state });
  return { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn, id: name };
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}
