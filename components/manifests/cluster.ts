import { isCidr } from "./network";

/** Versions of EKS's add-ons, each `most-recent` or as `aws eks describe-addon-versions` names them. */
export interface AddOnVersions {
  /** @default "most-recent" */
  vpcCni?: string;
  /** @default "most-recent" */
  kubeProxy?: string;
  /** @default "most-recent" */
  podIdentityAgent?: string;
  /** @default "most-recent" */
  coredns?: string;
}

/** An EKS control plane (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html). */
export interface ClusterSpec {
  /** Physical name, 1 to 100 characters: discovery tags and IAM conditions are written with it. */
  name: string;
  /** Minor version, for example `1.35`. */
  kubernetesVersion: string;
  /** IPv4 blocks that reach the API from the internet. @default - none, then `privateOnly` must be stated */
  publicAccessCidrs?: string[];
  /** States that `up` runs inside the network. @default false */
  privateOnly?: boolean;
  /** ARNs of IAM roles or users that administer the cluster beside its creator. @default - none */
  admins?: string[];
  /** Control-plane logs in CloudWatch. @default - all five */
  logTypes?: string[];
  /** Whether AWS refuses to delete the cluster. @default false */
  deletionProtection?: boolean;
  addOns?: AddOnVersions;
}

export const mostRecent = "most-recent";
export const allLogTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const privateBlocks = /^(0|10|127|169\.254|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\./;

export function validateCluster(spec: ClusterSpec): string[] {
  const faults: string[] = [];
  if (!/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(spec.name))
    faults.push(`name: must be 1 to 100 letters, digits, hyphens and underscores, got "${spec.name}"`);
  const cidrs = spec.publicAccessCidrs ?? [];
  for (const cidr of cidrs)
    if (!isCidr(cidr)) faults.push(`publicAccessCidrs: must be IPv4 blocks such as 198.51.100.7/32, got "${cidr}"`);
    else if (cidr.endsWith("/0"))
      faults.push(`publicAccessCidrs: "${cidr}" opens the API to everybody; name your own block`);
    else if (privateBlocks.test(cidr))
      faults.push(`publicAccessCidrs: "${cidr}" is private, which EKS refuses; leave it out`);
  if (cidrs.length === 0 && !spec.privateOnly)
    faults.push(
      "publicAccessCidrs: nobody outside the network could reach the API, this machine neither; name your block, or state privateOnly if it runs inside",
    );
  if (cidrs.length > 0 && spec.privateOnly)
    faults.push("privateOnly: contradicts publicAccessCidrs; leave out one of the two");
  for (const arn of spec.admins ?? [])
    if (!/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/\S+$/.test(arn))
      faults.push(`admins: must be ARNs of IAM roles or users, got "${arn}"`);
  for (const type of spec.logTypes ?? [])
    if (!allLogTypes.includes(type)) faults.push(`logTypes: must be of ${allLogTypes.join(", ")}, got "${type}"`);
  for (const [addOn, version] of Object.entries(spec.addOns ?? {}) as [string, string][])
    if (version !== mostRecent && !/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version))
      faults.push(`addOns.${addOn}: must be ${mostRecent} or a version such as v1.3.8-eksbuild.2, got "${version}"`);
  return faults;
}

/** Blocks that RFC 5737 keeps for documentation: nobody's own, so a stack that names one was not filled in. */
export function isDocumentationBlock(cidr: string): boolean {
  return /^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(cidr);
}
