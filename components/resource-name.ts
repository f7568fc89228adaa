import { createHash } from "node:crypto";

/** Characters that Pulumi puts behind a name to make it unique: a hyphen and up to eight hexadecimal digits. */
const suffix = 9;

/** Where a name ends up, and how long the physical one may be there. */
const longest = {
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  role: 64,
  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
  rule: 64,
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
  queue: 80,
  /** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html */
  nodeGroup: 63,
  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
  repository: 256,
  /** https://helm.sh/docs/chart_best_practices/conventions/ */
  release: 53,
  /** Names of objects that become values of labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
  object: 63,
};

/**
 * Name of a child whose physical name is made of it: as it is, or shortened with a hash where it would be too long, and
 * in lower case with a hash where only that is taken.
 */
export function resourceName(kind: keyof typeof longest, name: string): string {
  const lower = kind === "release" || kind === "object" || kind === "repository" ? name.toLowerCase() : name;
  const most = longest[kind] - suffix;
  if (lower === name && name.length <= most) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${lower.slice(0, most - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
