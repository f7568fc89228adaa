import { isIPv4 } from "node:net";
import { names } from "../names";
import { validateSelectorTerms } from "./selector-term";
import type { SelectorTerm } from "./selector-term";

/** How many NAT gateways carry traffic out of the private subnets. */
export const NatGateways = { single: "Single", onePerAz: "OnePerAz" } as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];

/** A VPC to make. */
export interface NewVpc {
  /** @default "10.0.0.0/16" */
  cidrBlock?: string;
  /** Availability zones, of those that EKS takes. @default 3 */
  zones?: number;
  /** `Single` costs a third of three and fails with its zone. @default "Single" */
  natGateways?: NatGateways;
}

/** A VPC that is there, with private subnets that reach AWS's APIs. */
export interface ExistingVpc {
  vpcId: string;
  /** Each term finds subnets by id or by tags; all that any finds are used. */
  subnets: SelectorTerm[];
}

/** Where the cluster and its nodes live: exactly one of the two. */
export interface NetworkSpec {
  newVpc?: NewVpc;
  existingVpc?: ExistingVpc;
}

export function validateNetwork(spec: NetworkSpec): string[] {
  const { newVpc, existingVpc } = spec;
  const faults: string[] = [];
  if ((newVpc === undefined) === (existingVpc === undefined))
    faults.push("newVpc: state exactly one of newVpc and existingVpc");
  if (newVpc?.cidrBlock !== undefined && !(isCidr(newVpc.cidrBlock) && prefixOf(newVpc.cidrBlock) <= 20))
    faults.push(`newVpc.cidrBlock: must be an IPv4 block of /16 to /20, got "${newVpc.cidrBlock}"`);
  if (newVpc?.zones !== undefined && !(Number.isInteger(newVpc.zones) && newVpc.zones >= 2 && newVpc.zones <= 6))
    faults.push(`newVpc.zones: must be 2 to 6, EKS needs two, got ${newVpc.zones}`);
  if (existingVpc && !/^vpc-[0-9a-f]{8,17}$/.test(existingVpc.vpcId))
    faults.push(`existingVpc.vpcId: must be an id such as vpc-0123456789abcdef0, got "${existingVpc.vpcId}"`);
  if (existingVpc) faults.push(...validateSelectorTerms("existingVpc.subnets", "subnet", existingVpc.subnets));
  return faults;
}

/** Terms by which Karpenter finds the subnets that the network has. */
export function subnetTermsOf({ existingVpc }: NetworkSpec, clusterName: string): SelectorTerm[] {
  return existingVpc?.subnets ?? [{ tags: { [names.discoveryTag]: clusterName } }];
}

/** Whether the text is an IPv4 block whose address is the block's first. */
export function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !isIPv4(address) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(prefix)) return false;
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(prefix)) === 0;
}

function prefixOf(cidr: string): number {
  const prefix = Number(cidr.split("/")[1]);
  return prefix >= 16 ? prefix : 33;
}
