import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { cidrError, isPrivate, networkOf, sliceOf, textOf } from "./cidr";
import { text } from "./example";
import { selectorTermRules, selectorTermSchema } from "./selector-term";
import type { SelectorTermArgs } from "./selector-term";
import { tagsSchema, validateTags } from "./tags";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** How many NAT gateways carry traffic out of the private subnets. */
export const NatGateways = {
  /** One for all zones. */
  single: "Single",
  /** One in each zone. */
  onePerAz: "OnePerAz",
} as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];

/** A VPC to create, with a public and a private subnet in each zone. */
export interface NewVpcArgs {
  /** Private IPv4 network range of /16 to /20; it cannot change while the VPC exists. @default "10.0.0.0/16" */
  cidrBlock?: pulumi.Input<string>;
  /**
   * Number of zones: the region's first ones in order of name, without those that EKS refuses. Can be raised, not lowered.
   * Excludes `zoneNames`. @default - 3
   */
  zones?: number;
  /** Zones by name. More can be added at the end; others cannot change while the VPC exists. Excludes `zones`. */
  zoneNames?: string[];
  /** `Single` costs a third of three gateways, but fails with its zone. @default "Single" */
  natGateways?: NatGateways;
}
export type NewVpcSpec = pulumi.Unwrap<NewVpcArgs>;

/** A VPC that exists, with private subnets that reach AWS's APIs. */
export interface ExistingVpcArgs {
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** Private subnets by id, in two zones or more. Excludes `subnets`. */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Terms that find private subnets of the VPC, each by id or by tags. Excludes `subnetIds`. */
  subnets?: pulumi.Input<pulumi.Input<SelectorTermArgs>[]>;
}
export type ExistingVpcSpec = pulumi.Unwrap<ExistingVpcArgs>;

/** The VPC of a cluster and its nodes: exactly one of the two. */
export interface VpcArgs {
  /** A VPC to create. Excludes `existingVpc`. */
  newVpc?: NewVpcArgs;
  /** A VPC that exists. Excludes `newVpc`. */
  existingVpc?: ExistingVpcArgs;
}
export type VpcSpec = pulumi.Unwrap<VpcArgs>;

/** A network and its cluster. */
export interface NetworkArgs extends VpcArgs {
  /** Name of the cluster, for the tags of the new subnets. */
  clusterName: pulumi.Input<string>;
  /** Tags of the new AWS resources. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const newVpcSchema = z.strictObject({
  cidrBlock: text("10.0.0.0/16").optional(),
  zones: z.number().optional(),
  zoneNames: z.array(text("us-east-1a")).optional(),
  natGateways: z.enum(NatGateways).optional(),
} satisfies Shape<NewVpcSpec>);

const existingVpcSchema = z
  .strictObject({
    vpcId: text("vpc-0123456789abcdef0"),
    subnetIds: z.array(text("subnet-0123456789abcdef0")).optional(),
    subnets: z.array(selectorTermSchema).optional(),
  } satisfies Shape<ExistingVpcSpec>)
  .meta({
    example: { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
  });

const vpcShape = {
  newVpc: newVpcSchema.optional(),
  existingVpc: existingVpcSchema.optional(),
} satisfies Shape<VpcSpec>;

export const vpcSchema = z.strictObject(vpcShape).meta({ example: { newVpc: {} } });

const networkSchema = z.strictObject({
  ...vpcShape,
  clusterName: text("dev"),
  tags: tagsSchema.optional(),
} satisfies Shape<pulumi.Unwrap<NetworkArgs>>);

/** EKS needs two zones; the layout of the network range has parts for six. */
const fewestZones = 2;
const mostZones = 6;
const widestPrefix = 16;
const narrowestPrefix = 20;
export const defaultCidrBlock = "10.0.0.0/16";
const defaultZones = 3;

export function validateNetworkArgs(args: unknown): string[] {
  return validateBy(
    networkSchema,
    (spec, path) => [...validateVpc(spec, path), ...checkPart(() => spec.tags, validateTags, join(path, "tags"))],
    args,
  );
}

export function validateVpc(spec: VpcSpec, path: string): string[] {
  return [
    ...check(path, [
      () =>
        (spec.newVpc === undefined) === (spec.existingVpc === undefined) &&
        "newVpc: set exactly one of newVpc and existingVpc",
    ]),
    ...checkPart(() => spec.newVpc, validateNewVpc, join(path, "newVpc")),
    ...checkPart(() => spec.existingVpc, validateExistingVpc, join(path, "existingVpc")),
  ];
}

function validateNewVpc(spec: NewVpcSpec, path: string): string[] {
  return check(path, [
    () => {
      if (spec.cidrBlock === undefined) return [];
      const error = cidrError(spec.cidrBlock, defaultCidrBlock);
      if (error !== undefined) return `cidrBlock: ${error}`;
      const { prefix } = networkOf(spec.cidrBlock);
      if (prefix < widestPrefix || prefix > narrowestPrefix)
        return `cidrBlock: must be a network range of /${widestPrefix} to /${narrowestPrefix}, got "${spec.cidrBlock}"`;
      return (
        !isPrivate(spec.cidrBlock) &&
        `cidrBlock: must be private, or nodes lose that part of the internet, got "${spec.cidrBlock}"; use a part of 10.0.0.0/8`
      );
    },
    () => spec.zones !== undefined && spec.zoneNames !== undefined && "zones: set at most one of zones and zoneNames",
    () =>
      spec.zones !== undefined &&
      !(Number.isInteger(spec.zones) && spec.zones >= fewestZones && spec.zones <= mostZones) &&
      `zones: must be ${fewestZones} to ${mostZones}, EKS needs two, got ${spec.zones}`,
    () => {
      const names = spec.zoneNames;
      if (names === undefined) return [];
      const wrong = names.filter((name) => !/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/.test(name));
      if (wrong.length > 0)
        return `zoneNames: must be names of zones such as us-east-1a, got ${wrong.map((name) => `"${name}"`).join(", ")}`;
      return (
        (new Set(names).size !== names.length || names.length < fewestZones || names.length > mostZones) &&
        `zoneNames: must be ${fewestZones} to ${mostZones} different zones, got [${names.join(", ")}]`
      );
    },
  ]);
}

function validateExistingVpc(spec: ExistingVpcSpec, path: string): string[] {
  return check(path, [
    () =>
      !/^vpc-[0-9a-f]{8,17}$/.test(spec.vpcId) &&
      `vpcId: must be an id such as vpc-0123456789abcdef0, got "${spec.vpcId}"`,
    () =>
      (spec.subnetIds === undefined) === (spec.subnets === undefined) &&
      "subnets: set exactly one of subnets and subnetIds",
    () =>
      (spec.subnetIds ?? []).flatMap((id, index) =>
        /^subnet-[0-9a-f]{8,17}$/.test(id)
          ? []
          : [`subnetIds.${index}: must be an id such as subnet-0123456789abcdef0, got "${id}"`],
      ),
    () => {
      const ids = spec.subnetIds;
      return (
        ids && new Set(ids).size < 2 && `subnetIds: must be two subnets or more, EKS needs two zones, got ${ids.length}`
      );
    },
    ...selectorTermRules("subnets", "subnet", () => spec.subnets),
  ]);
}

/** Number of zones of a new VPC. */
export function zoneCountOf({ zones, zoneNames }: Pick<NewVpcArgs, "zones" | "zoneNames">): number {
  return zoneNames?.length ?? zones ?? defaultZones;
}

/**
 * Network ranges of a zone's subnets, by the zone's number. Of eight parts, six are for private subnets, and the public
 * subnets share the seventh, so a new zone does not move the others.
 */
export function subnetRangesOf(cidrBlock: string, zone: number): { private: string; public: string } {
  const vpc = networkOf(cidrBlock);
  const publicSlice = sliceOf(vpc, vpc.prefix + 3, mostZones);
  return {
    private: textOf(sliceOf(vpc, vpc.prefix + 3, zone)),
    public: textOf(sliceOf(publicSlice, vpc.prefix + 6, zone)),
  };
}
