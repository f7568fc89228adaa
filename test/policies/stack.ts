import type { Seen } from "../../offline/policies";

/** What a resource is given, by a short name of its own. */
export type Stack = Record<string, { type: string; props: Record<string, unknown> }>;

const digest = "a".repeat(64);
const repository = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/boot";
const userData = `[settings.bootstrap-containers.fast-disks]
source = "${repository}@sha256:${digest}"
mode = "always"
essential = true
`;

/** A stack that keeps all policies and that none of our components made. */
export function compliantStack(): Stack {
  return structuredClone({
    nodePool: {
      type: "kubernetes:karpenter.sh/v1:NodePool",
      props: {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name: "databases" },
        spec: {
          template: {
            metadata: { labels: { "eks-fast-disks/class": "fast-disks" } },
            spec: {
              nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "bottlerocket" },
              requirements: [
                { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
                { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] },
                { key: "karpenter.k8s.aws/instance-local-nvme", operator: "Gt", values: ["100"] },
                { key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["c", "m", "r"] },
                { key: "karpenter.k8s.aws/instance-generation", operator: "Gt", values: ["6"] },
                { key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["4", "8"] },
              ],
              expireAfter: "Never",
            },
          },
          disruption: {
            consolidationPolicy: "WhenEmpty",
            consolidateAfter: "10m",
            budgets: [{ nodes: "0", reasons: ["Drifted"] }, { nodes: "1" }],
          },
          limits: { memory: "1Ti" },
        },
      },
    },
    nodeClass: {
      type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
      props: {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        metadata: { name: "bottlerocket" },
        spec: {
          amiFamily: "Bottlerocket",
          amiSelectorTerms: [{ alias: "bottlerocket@v1.66.0" }],
          instanceProfile: "nodes",
          subnetSelectorTerms: [{ tags: { tier: "private" } }],
          securityGroupSelectorTerms: [{ id: "sg-0123456789abcdef0" }],
          blockDeviceMappings: [
            { deviceName: "/dev/xvda", ebs: { volumeSize: "4Gi", volumeType: "gp3", encrypted: true } },
            { deviceName: "/dev/xvdb", ebs: { volumeSize: "50Gi", volumeType: "gp3", encrypted: true } },
          ],
          metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
          userData,
        },
      },
    },
    storageClass: {
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      props: {
        metadata: { name: "fast-disks" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Delete",
      },
    },
    provisioner: {
      type: "kubernetes:helm.sh/v3:Release",
      props: {
        chart: "local-static-provisioner",
        version: "2.9.0",
        namespace: "storage",
        values: {
          classes: [
            {
              name: "fast-disks",
              hostDir: "/mnt/fast-disks",
              mountDir: "/mnt/fast-disks",
              blockCleanerCommand: ["/scripts/blkdiscard.sh"],
            },
          ],
          nodeSelector: { "eks-fast-disks/class": "fast-disks" },
          removeNodeNotReadyTaint: false,
        },
      },
    },
    handmade: {
      type: "kubernetes:apps/v1:DaemonSet",
      props: {
        spec: {
          template: {
            spec: {
              affinity: {
                nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [
                      { matchExpressions: [{ key: "karpenter.k8s.aws/instance-local-nvme", operator: "Exists" }] },
                    ],
                  },
                },
              },
              nodeSelector: { "eks-fast-disks/class": "none" },
              containers: [{ name: "x", image: "registry.k8s.io/sig-storage/local-volume-provisioner:v2.9.0" }],
            },
          },
        },
      },
    },
    cleanup: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        metadata: { name: "cleanup", namespace: "storage" },
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          template: {
            spec: {
              serviceAccountName: "cleanup",
              containers: [
                {
                  image: "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
                  args: ["--storageclass-names", "fast-disks", "--pvc-deletion-delay=1m30s"],
                },
              ],
            },
          },
        },
      },
    },
    role: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      props: {
        metadata: { name: "cleanup" },
        rules: [{ apiGroups: [""], resources: ["persistentvolumes", "nodes"], verbs: ["get", "list", "watch"] }],
      },
    },
    binding: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      props: {
        roleRef: { kind: "ClusterRole", name: "cleanup" },
        subjects: [{ kind: "ServiceAccount", name: "cleanup", namespace: "storage" }],
      },
    },
    karpenter: {
      type: "kubernetes:helm.sh/v3:Release",
      props: {
        chart: "oci://public.ecr.aws/karpenter/karpenter",
        namespace: "kube-system",
        values: { settings: { clusterName: "prod", interruptionQueue: "interruptions" } },
      },
    },
    identity: {
      type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      props: { clusterName: "prod", namespace: "kube-system", serviceAccount: "karpenter" },
    },
    cluster: {
      type: "aws:eks/cluster:Cluster",
      props: {
        accessConfig: { authenticationMode: "API" },
        enabledClusterLogTypes: ["audit", "authenticator"],
        vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["198.51.100.7/32"] },
      },
    },
    nodeGroup: {
      type: "aws:eks/nodeGroup:NodeGroup",
      props: {
        amiType: "BOTTLEROCKET_ARM_64",
        releaseVersion: "1.66.0-18d04e52",
        launchTemplate: { id: "lt-0123456789abcdef0", version: "3" },
      },
    },
    launchTemplate: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: {
        id: "lt-0123456789abcdef0",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ deviceName: "/dev/xvdb", ebs: { volumeType: "gp3", encrypted: "true" } }],
        userData: Buffer.from(userData).toString("base64"),
      },
    },
    repository: {
      type: "aws:ecr/repository:Repository",
      props: {
        name: "boot",
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
      },
    },
    lifecycle: {
      type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      props: {
        repository: "boot",
        policy: JSON.stringify({ rules: [{ rulePriority: 1, selection: { tagStatus: "untagged" } }] }),
      },
    },
    queue: { type: "aws:sqs/queue:Queue", props: { url: "https://queue", sqsManagedSseEnabled: true } },
    queuePolicy: {
      type: "aws:sqs/queuePolicy:QueuePolicy",
      props: {
        queueUrl: "https://queue",
        policy: JSON.stringify({
          Statement: {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: ["SQS:*"],
            Condition: { Bool: { "aws:SecureTransport": false } },
          },
        }),
      },
    },
    spotRule: {
      type: "aws:cloudwatch/eventRule:EventRule",
      props: { eventPattern: '{"source":["aws.ec2"],"detail-type":["EC2 Spot Instance Interruption Warning"]}' },
    },
    addOn: { type: "aws:eks/addon:Addon", props: { addonName: "vpc-cni", clusterName: "prod" } },
  });
}

/** The resources as policies see them. */
export function seenOf(stack: Stack): Seen[] {
  return Object.entries(stack).map(([name, { type, props }]) => ({
    urn: `urn:pulumi:test::test::${type}::${name}`,
    ...{ type, name, props, outputs: props, dependencies: [], propertyDependencies: {} },
  }));
}

/**
 * Sets what stands at a dotted path, `undefined` removes it. The way there has to exist, as must what is removed: an
 * edit of a misspelt key would prove nothing.
 */
export function edit(props: unknown, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], props);
  if (typeof parent !== "object" || parent === null) throw new Error(`${path}: nothing there to edit`);
  if (value !== undefined) return void ((parent as Record<string, unknown>)[last] = value);
  if (!Object.hasOwn(parent, last)) throw new Error(`${path}: nothing there to remove`);
  Reflect.deleteProperty(parent, last);
}
