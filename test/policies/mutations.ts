import type { Resource } from "../../offline/graph";
import { edit } from "./stack";

/** One fault in a stack of ours, and the policy that has to find it. */
export interface Mutation {
  policy: string;
  stack?: "dev" | "prod";
  /** Name of the resource, after its kind where two share one. */
  resource: string;
  /** Path to value; `type` and no path means the resource's own type, `undefined` removes. */
  edits: Record<string, unknown>;
  level?: "advisory";
}

const pool = "fast-disks-fast-pool";
const nodeClass = "fast-disks-fast-class";
const template = "fast-disks-system-template";
const group = "fast-disks-system-group";
const cluster = "fast-disks-cluster-eks-eksCluster";
const provisioner = "Release::fast-disks-volumes-fast-disks";
const storageClass = "StorageClass::fast-disks-volumes-fast-disks";
const cleanup = "fast-disks-cleanup-controller";
const container = "spec.template.spec.containers.0";
const repository = "fast-disks-boot-image-repository";
const requirements = "spec.template.spec.requirements";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const cpu = (value: string) => ({ key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: [value] });

/** Each one edits what the components really render: `edit` refuses a way that does not exist. */
export const mutations: Mutation[] = [
  { policy: "karpenter-api-version", resource: pool, edits: { type: "kubernetes:karpenter.sh/v1beta1:NodePool" } },
  { policy: "node-pool-arm64", resource: pool, edits: { [`${requirements}.0.values`]: ["arm64", "amd64"] } },
  { policy: "node-pool-consolidation", resource: pool, edits: { "spec.disruption.consolidationPolicy": undefined } },
  {
    policy: "node-pool-drift",
    stack: "prod",
    resource: "fast-disks-cache-pool",
    edits: { "spec.disruption.budgets": [{ nodes: "10%" }] },
  },
  { policy: "node-pool-expiry", resource: pool, edits: { "spec.template.spec.expireAfter": undefined } },
  {
    policy: "node-pool-instance-types",
    stack: "prod",
    resource: "fast-disks-cache-pool",
    edits: { [`${requirements}.4.values.12`]: "c8g.xlarge" },
  },
  { policy: "node-pool-limits", resource: pool, edits: { "spec.limits": undefined } },
  {
    policy: "node-pool-local-nvme",
    resource: pool,
    edits: { [`${requirements}.3`]: { key: "kubernetes.io/os", operator: "Exists" } },
  },
  { policy: "node-pool-spot", resource: pool, edits: { [`${requirements}.2.values`]: ["spot", "on-demand"] } },
  { policy: "node-pool-width", resource: pool, edits: { [`${requirements}.6`]: cpu("4") }, level: "advisory" },
  {
    policy: "node-class-bottlerocket",
    resource: nodeClass,
    edits: { "spec.amiSelectorTerms.0.alias": "al2023@v1.2.3" },
  },
  { policy: "node-class-identity", resource: nodeClass, edits: { "spec.instanceProfile": "nodes" } },
  { policy: "node-class-instance-store", resource: nodeClass, edits: { "spec.instanceStorePolicy": "RAID0" } },
  {
    policy: "node-class-pinned-image",
    resource: nodeClass,
    edits: { "spec.amiSelectorTerms.0.alias": "bottlerocket@latest" },
  },
  { policy: "node-metadata-imdsv2", resource: template, edits: { "metadataOptions.httpTokens": undefined } },
  {
    policy: "node-volumes-encrypted",
    resource: nodeClass,
    edits: { "spec.blockDeviceMappings.1.ebs.encrypted": undefined },
  },
  {
    policy: "user-data-boot-container",
    resource: nodeClass,
    edits: {
      "spec.userData":
        '[settings.bootstrap-containers.fast-disks]\nsource = "boot:latest"\nmode = "always"\nessential = true\n',
    },
  },
  { policy: "user-data-valid", resource: template, edits: { userData: base64("#!/bin/bash\nset -ex\n") } },
  { policy: "node-group-bottlerocket", resource: group, edits: { amiType: undefined } },
  { policy: "node-group-image", resource: template, edits: { imageId: "ami-0123456789abcdef0" } },
  { policy: "node-group-launch-template", resource: group, edits: { "launchTemplate.version": "$Latest" } },
  { policy: "node-group-pinned-release", resource: group, edits: { releaseVersion: undefined } },
  { policy: "provisioner-classes", resource: provisioner, edits: { "values.classes.0.name": "slow-disks" } },
  { policy: "provisioner-folder", resource: nodeClass, edits: { "spec.userData": "[settings]\n" } },
  { policy: "provisioner-nodes", resource: provisioner, edits: { "values.nodeSelector": undefined } },
  { policy: "provisioner-pinned", resource: provisioner, edits: { version: undefined } },
  { policy: "provisioner-startup-taint", resource: provisioner, edits: { "values.removeNodeNotReadyTaint": true } },
  {
    policy: "provisioner-wipe",
    resource: provisioner,
    edits: { "values.classes.0.blockCleanerCommand": ["/scripts/shred.sh", "2"] },
  },
  { policy: "storage-class-binding", resource: storageClass, edits: { volumeBindingMode: "Immediate" } },
  { policy: "storage-class-reclaim-policy", resource: storageClass, edits: { reclaimPolicy: undefined } },
  {
    policy: "storage-engines",
    resource: "fast-disks-add-ons-vpc-cni",
    edits: { addonName: "aws-ec2-local-instance-store-csi-driver" },
  },
  {
    policy: "cleanup-coverage",
    stack: "prod",
    resource: cleanup,
    edits: { [`${container}.args.0`]: "--storageclass-names=fast-disks" },
  },
  { policy: "cleanup-delay", resource: cleanup, edits: { [`${container}.args.1`]: "--pvc-deletion-delay=5s" } },
  {
    policy: "cleanup-image",
    resource: cleanup,
    edits: { [`${container}.image`]: "gcr.io/k8s-staging-sig-storage/local-volume-node-cleanup:canary" },
  },
  { policy: "cleanup-permissions", resource: "fast-disks-cleanup-role", edits: { "rules.2": undefined } },
  { policy: "cleanup-replica", resource: cleanup, edits: { "spec.replicas": 2 } },
  { policy: "repository-encrypted", resource: repository, edits: { encryptionConfigurations: undefined } },
  { policy: "repository-immutable", resource: repository, edits: { imageTagMutability: "MUTABLE" } },
  {
    policy: "repository-lifecycle",
    resource: "fast-disks-boot-image-lifecycle",
    edits: { policy: '{"rules":[{"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5}}]}' },
  },
  { policy: "repository-scanned", resource: repository, edits: { "imageScanningConfiguration.scanOnPush": false } },
  {
    policy: "cluster-access-entries",
    resource: cluster,
    edits: { "accessConfig.authenticationMode": "API_AND_CONFIG_MAP" },
  },
  { policy: "cluster-audit-logs", resource: cluster, edits: { enabledClusterLogTypes: ["api"] } },
  { policy: "cluster-private-endpoint", resource: cluster, edits: { "vpcConfig.endpointPrivateAccess": undefined } },
  { policy: "cluster-public-cidrs", resource: cluster, edits: { "vpcConfig.publicAccessCidrs": ["0.0.0.0/0"] } },
  {
    policy: "event-rule-pattern",
    resource: "fast-disks-interruption-state",
    edits: { eventPattern: '{"source":["aws.ec2"],"detail-type":["C2 Instance State-change Notification"]}' },
  },
  {
    policy: "karpenter-interruption-queue",
    resource: "fast-disks-karpenter-controller",
    edits: { "values.settings.interruptionQueue": undefined, "values.settings.interruptionQueueName": "queue" },
  },
  {
    policy: "karpenter-pod-identity",
    resource: "fast-disks-karpenter-identity-association",
    edits: { serviceAccount: "default" },
  },
  {
    policy: "queue-encryption",
    resource: "fast-disks-interruption-queue",
    edits: { sqsManagedSseEnabled: undefined, kmsMasterKeyId: "alias/aws/sqs" },
  },
  { policy: "queue-tls", resource: "fast-disks-interruption-policy", edits: { policy: '{"Statement":[]}' } },
];

/** The stack with that fault, and the resource that has it. */
export function mutate(
  resources: Resource[],
  { resource: name, edits }: Mutation,
): { stack: Resource[]; broken: Resource } {
  const stack = structuredClone(resources);
  const found = stack.filter(({ key, custom, remote }) => custom && !remote && new RegExp(`:${name}$`).test(key));
  const [broken] = found;
  if (!broken || found.length > 1) throw new Error(`${name}: ${found.length} such resources`);
  for (const [path, value] of Object.entries(edits))
    if (path === "type") broken.type = String(value);
    else for (const props of [broken.inputs, broken.outputs]) edit(props, path, value);
  return { stack, broken };
}
