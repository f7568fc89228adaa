import { refuseCreation, refuseDeletion, refuseUpdate, settle } from "./aws-rules";
import type { Kind } from "./aws-kinds";
import { account, kinds, region } from "./aws-kinds";
import type { Cloud, Difference, Known, Target } from "./provider";
import { hasUnknown } from "./provider";
import type { Values } from "./values";
import { asList, asObject, asText, defaultsKey, differences, isBelow, unknown } from "./values";
import type { Item, World } from "./world";
import { createHash } from "node:crypto";

/** AWS as its provider shows it: names, replacements and what the service itself refuses. */
export class Aws implements Cloud {
  private made = 0;

  /** Clusters answer below `endpoint`, where it is given. */
  constructor(
    private readonly world: World,
    private readonly endpoint?: string,
  ) {}

  check(target: Target, inputs: Values, before: Values | undefined): Values {
    const { autoName } = kindOf(target.type);
    if (!autoName || inputs[autoName[0]] !== undefined || inputs[`${autoName[0]}Prefix`] !== undefined) return inputs;
    const [field, longest] = autoName;
    const old = isAutoNamed(before, field) ? before?.[field] : undefined;
    const name = old ?? `${target.name}-${target.suffix}`;
    if (asText(name).length > longest)
      throw new Error(`${target.type}: '${asText(name)}' is over ${longest} characters`);
    return { ...inputs, [field]: name, [defaultsKey]: [field] };
  }

  diff({ type }: Target, before: Values, after: Values): Difference {
    const { replaces, autoName } = kindOf(type);
    const changed = differences(before, after).filter((path) => !path.startsWith("tagsAll"));
    const replacing = changed.filter((path) => replaces.some((prefix) => isBelow(path, prefix)));
    // The bridge's nameRequiresDeleteBeforeReplace: a name that a user stated cannot exist twice.
    const deleteBeforeReplace = replacing.length > 0 && autoName !== undefined && !isAutoNamed(after, autoName[0]);
    return { changed, replaces: replacing, deleteBeforeReplace };
  }

  diffConfig(before: Values, after: Values): Difference {
    return { changed: differences(before, after), replaces: [], deleteBeforeReplace: false };
  }

  plan({ type }: Target, inputs: Values, before: Values | undefined): Values {
    const { computed } = kindOf(type);
    const names = Object.keys(computed?.("", {}, "") ?? {});
    const known: Values = before ?? Object.fromEntries(names.map((name) => [name, unknown]));
    const version = type === "aws:ec2/launchTemplate:LaunchTemplate" ? { latestVersion: unknown } : {};
    return { ...withoutDefaults(inputs), ...Object.fromEntries(names.map((name) => [name, known[name]])), ...version };
  }

  create({ type }: Target, inputs: Values): { id: string; outputs: Values } {
    if (hasUnknown(inputs)) throw new Error(`${type}: an input is unknown during up`);
    const digits = createHash("sha256").update(`${type}${++this.made}`).digest("hex").slice(0, 17);
    const kind = kindOf(type);
    const id = typeof kind.id === "string" ? `${kind.id}-${digits}` : kind.id(inputs);
    refuseCreation(this.world, type, id, inputs);
    const outputs: Values = { ...withoutDefaults(inputs), ...kind.computed?.(id, inputs, digits) };
    if (type === "aws:eks/cluster:Cluster" && this.endpoint) outputs.endpoint = `${this.endpoint}/${digits}`;
    const item = { type, id, inputs: withoutDefaults(inputs), outputs };
    this.world.items.push(item);
    settle(this.world, item);
    return { id, outputs };
  }

  update({ type }: Target, id: string, inputs: Values, before: Values): Values {
    const item = this.world.find(type, id);
    if (!item) throw new Error(`${type}: ${id} does not exist`);
    refuseUpdate(this.world, item, inputs);
    item.outputs = { ...before, ...withoutDefaults(inputs) };
    if (type === "aws:ec2/launchTemplate:LaunchTemplate") item.outputs.latestVersion = Number(before.latestVersion) + 1;
    if (type === "aws:eks/cluster:Cluster")
      item.outputs.vpcConfig = Object.assign({}, before.vpcConfig, inputs.vpcConfig);
    item.inputs = withoutDefaults(inputs);
    settle(this.world, item);
    return item.outputs;
  }

  delete({ type }: Target, id: string): void {
    const item = this.world.find(type, id);
    // What went with its parent is gone, which the provider takes for done.
    if (!item) return;
    refuseDeletion(this.world, item);
    this.world.remove(type, id);
  }

  read({ type }: Target, id: string, known: Known): Known | undefined {
    const item = this.world.find(type, id);
    return item && { inputs: { ...known.inputs, ...item.inputs }, outputs: item.outputs };
  }

  invoke(token: string, args: Values): Values {
    switch (token) {
      case "aws:index/getRegion:getRegion":
        return { region, name: region, id: region };
      case "aws:index/getPartition:getPartition":
        return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { accountId: account, arn: `arn:aws:iam::${account}:user/operator`, id: account };
      case "aws:index/getAvailabilityZones:getAvailabilityZones": {
        const letters = ["a", "b", "c", "d"];
        return { names: letters.map((it) => region + it), zoneIds: letters.map((_, index) => `use1-az${index + 2}`) };
      }
      case "aws:ec2/getSubnets:getSubnets": {
        const filters = asList(args.filters).map(asObject);
        const ids = filters.find(({ name }) => name === "subnet-id");
        if (ids) return { ids: this.privateOf(asList(ids.values)) };
        // Those of a VPC that nobody here has made.
        return {
          ids: [`subnet-${createHash("sha256").update(JSON.stringify(args.filters)).digest("hex").slice(0, 17)}`],
        };
      }
      case "aws:eks/getAddonVersion:getAddonVersion":
        return { version: "v1.0.0-eksbuild.1" };
      case "aws:ssm/getParameter:getParameter": {
        const version = asText(args.name).split("/").at(-2) ?? "";
        return { insecureValue: `${version}-0123abcd`, value: `${version}-0123abcd` };
      }
      case "aws:eks/getCluster:getCluster": {
        const { inputs, outputs } = this.found("aws:eks/cluster:Cluster", args.name);
        const { name, endpoint, version, certificateAuthorities } = outputs;
        const vpcConfig = { ...asObject(outputs.vpcConfig), vpcId: this.vpcOf(asObject(inputs.vpcConfig).subnetIds) };
        return { name, endpoint, version, certificateAuthorities, vpcConfig, accessConfigs: [inputs.accessConfig] };
      }
      case "aws:eks/getAccessEntry:getAccessEntry": {
        const { inputs } = this.found(
          "aws:eks/accessEntry:AccessEntry",
          `${asText(args.clusterName)}:${asText(args.principalArn)}`,
        );
        return { type: inputs.type, principalArn: inputs.principalArn };
      }
      case "aws:iam/getRole:getRole": {
        const { inputs, outputs } = this.found("aws:iam/role:Role", args.name);
        return { name: args.name, arn: outputs.arn, assumeRolePolicy: inputs.assumeRolePolicy };
      }
      case "aws:iam/getInstanceProfile:getInstanceProfile":
        return { roleArn: `arn:aws:iam::${account}:role/of-${asText(args.name)}`, roleName: `of-${asText(args.name)}` };
      case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
        // Another one each time, as in AWS.
        return { userName: "AWS", password: `token-${++this.made}` };
      default:
        throw new Error(`the placeholder AWS has no answer to ${token}; add one to test/engine/aws.ts`);
    }
  }

  private found(type: string, id: unknown): Item {
    const item = this.world.find(type, id);
    if (!item) throw new Error(`reading ${type} (${asText(id)}): couldn't find resource`);
    return item;
  }

  /** Those of these subnets that give no public addresses. */
  private privateOf(ids: unknown[]): string[] {
    return this.world
      .all("aws:ec2/subnet:Subnet")
      .filter(({ id, inputs }) => ids.includes(id) && inputs.mapPublicIpOnLaunch !== true)
      .map(({ id }) => id);
  }

  private vpcOf(subnetIds: unknown): unknown {
    return this.found("aws:ec2/subnet:Subnet", asList(subnetIds)[0]).inputs.vpcId;
  }
}

function kindOf(type: string): Kind {
  const kind = kinds[type];
  if (!kind) throw new Error(`the placeholder AWS has no ${type}; add it to test/engine/aws-kinds.ts`);
  return kind;
}

function isAutoNamed(inputs: Values | undefined, field: string): boolean {
  const defaults = inputs?.[defaultsKey];
  return Array.isArray(defaults) && defaults.includes(field);
}

function withoutDefaults(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== defaultsKey));
}
