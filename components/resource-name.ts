import { createHash } from "node:crypto";

/** Length of the suffix by which Pulumi makes a name unique: a hyphen and up to eight hexadecimal digits. */
const suffix = 9;

/** Kinds of physical names, and how long they may be. */
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
 * Name of a child that becomes its physical name. A name that is too long is shortened and gets a hash. For kinds that
 * need lower case, a name with capital letters is lowered and gets a hash.
 */
export function resourceName(kind: keyof typeof longest, name: string): string {
  const lower = kind === "release" || kind === "object" || kind === "repository" ? name.toLowerCase() : name;
  const most = longest[kind] - suffix;
  if (lower === name && name.length <= most) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${lower.slice(0, most - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
