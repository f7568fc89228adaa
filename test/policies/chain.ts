import type { Registered } from "./engine";

/** What a resource is given, by a short name of its own; its dependencies by their names. */
export type Stack = Record<string, { type: string; props: Record<string, unknown>; from?: string[] }>;

const digest = "a".repeat(64);
const registry = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
export const userData = `[settings.bootstrap-containers.fast-disks]
source = "${registry}/boot@sha256:${digest}"
mode = "always"
essential = true
`;
export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** User data of a node group's template, with labels that its nodes give themselves. */
export const groupUserData = (labels: Record<string, string>): string =>
  `[settings.kubernetes.node-labels]\n${Object.entries(labels)
    .map(([key, value]) => `"${key}" = "${value}"\n`)
    .join("")}\n${userData}`;

const metadata = (name: string, namespace?: string) => ({ name, ...(namespace !== undefined && { namespace }) });
const rule = (...types: string[]) => ({
  type: "aws:cloudwatch/eventRule:EventRule",
  props: {
    name: types[0]?.replaceAll(" ", "-"),
    eventPattern: JSON.stringify({ source: ["aws.ec2"], "detail-type": types }),
  },
});
const target = (name: string) => ({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  props: { rule: name, arn: "arn:aws:sqs:eu-central-1:111122223333:interruptions" },
  from: [name, "queue"],
});

/** A whole chain that complies with all policies, and that none of our components made. */
export function compliantStack(): Stack {
  return structuredClone({
    nodePool: {
      type: "kubernetes:karpenter.sh/v1:NodePool",
      from: ["nodeClass"],
      props: {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: metadata("databases"),
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
              taints: [{ key: "eks-fast-disks/class", value: "fast-disks", effect: "NoSchedule" }],
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
        metadata: metadata("bottlerocket"),
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
        metadata: metadata("fast-disks"),
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
        metadata: metadata("handmade", "storage"),
        spec: {
          template: {
            spec: {
              nodeSelector: { "example.com/disks": "raw" },
              containers: [
                { name: "provisioner", image: "registry.k8s.io/sig-storage/local-volume-provisioner:v2.9.0" },
              ],
              volumes: [{ name: "config", configMap: { name: "handmade-config" } }],
            },
          },
        },
      },
    },
    handmadeConfig: {
      type: "kubernetes:core/v1:ConfigMap",
      props: {
        metadata: metadata("handmade-config", "storage"),
        data: {
          useNodeNameOnly: "true",
          storageClassMap:
            'raw-disks:\n  hostDir: /dev/disk/kubernetes\n  mountDir: /dev/disk/kubernetes\n  blockCleanerCommand:\n    - "/scripts/quick_reset.sh"\n  volumeMode: Block\n',
        },
      },
    },
    rawClass: {
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      props: {
        metadata: metadata("raw-disks"),
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Delete",
      },
    },
    consumer: {
      type: "kubernetes:apps/v1:StatefulSet",
      props: {
        metadata: metadata("redis", "data"),
        spec: {
          replicas: 3,
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
          template: {
            spec: {
              nodeSelector: { "eks-fast-disks/class": "fast-disks" },
              tolerations: [
                { key: "eks-fast-disks/class", operator: "Equal", value: "fast-disks", effect: "NoSchedule" },
              ],
              affinity: {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
                },
              },
              containers: [{ name: "redis", image: "redis:8", resources: { requests: { cpu: "1" } } }],
            },
          },
          volumeClaimTemplates: [{ metadata: metadata("data"), spec: { storageClassName: "fast-disks" } }],
        },
      },
    },
    overlay: {
      type: "kubernetes:karpenter.sh/v1alpha1:NodeOverlay",
      props: {
        metadata: metadata("disks"),
        spec: {
          requirements: [{ key: "karpenter.k8s.aws/instance-local-nvme", operator: "Exists" }],
          capacity: { "eks-fast-disks/disk": "1" },
        },
      },
    },
    advertiser: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        metadata: metadata("advertiser", "storage"),
        spec: {
          template: {
            spec: { containers: [{ name: "advertiser", image: "x:1.0.0", args: ["--resource=eks-fast-disks/disk"] }] },
          },
        },
      },
    },
    cleanup: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        metadata: metadata("cleanup", "storage"),
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          template: {
            spec: {
              serviceAccountName: "cleanup",
              containers: [
                {
                  name: "cleanup",
                  image: "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
                  args: ["--storageclass-names", "fast-disks,raw-disks", "--pvc-deletion-delay=1m30s"],
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
        metadata: metadata("cleanup"),
        rules: [{ apiGroups: [""], resources: ["persistentvolumes", "nodes"], verbs: ["list", "watch", "delete"] }],
      },
    },
    binding: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      props: {
        metadata: metadata("cleanup"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cleanup" },
        subjects: [{ kind: "ServiceAccount", name: "cleanup", namespace: "storage" }],
      },
    },
    karpenter: {
      type: "kubernetes:helm.sh/v3:Release",
      props: {
        chart: "oci://public.ecr.aws/karpenter/karpenter",
        version: "1.14.0",
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
      from: ["launchTemplate"],
      props: {
        clusterName: "prod",
        nodeGroupName: "system",
        amiType: "BOTTLEROCKET_ARM_64",
        releaseVersion: "1.66.0-18d04e52",
        launchTemplate: { id: "lt-0123456789abcdef0", version: "3" },
      },
    },
    launchTemplate: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: {
        id: "lt-0123456789abcdef0",
        name: "system",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ deviceName: "/dev/xvdb", ebs: { volumeType: "gp3", encrypted: "true" } }],
        userData: base64("[settings.host-containers.admin]\nenabled = false\n"),
      },
    },
    diskGroup: {
      type: "aws:eks/nodeGroup:NodeGroup",
      from: ["diskTemplate"],
      props: {
        clusterName: "prod",
        nodeGroupName: "disks",
        amiType: "BOTTLEROCKET_ARM_64",
        releaseVersion: "1.66.0-18d04e52",
        instanceTypes: ["c8gd.xlarge", "m8gd.xlarge"],
        forceUpdateVersion: false,
        nodeRepairConfig: { enabled: false },
        launchTemplate: { id: "lt-0fedcba9876543210", version: "1" },
      },
    },
    diskTemplate: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: {
        id: "lt-0fedcba9876543210",
        name: "disks",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ deviceName: "/dev/xvdb", ebs: { volumeType: "gp3", encrypted: "true" } }],
        userData: base64(groupUserData({ "example.com/disks": "raw" })),
      },
    },
    repository: {
      type: "aws:ecr/repository:Repository",
      props: {
        name: "boot",
        repositoryUrl: `${registry}/boot`,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
      },
    },
    lifecycle: {
      type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      from: ["repository"],
      props: {
        repository: "boot",
        policy: JSON.stringify({ rules: [{ rulePriority: 1, selection: { tagStatus: "untagged" } }] }),
      },
    },
    queue: {
      type: "aws:sqs/queue:Queue",
      props: {
        name: "interruptions",
        arn: "arn:aws:sqs:eu-central-1:111122223333:interruptions",
        url: "https://sqs.eu-central-1.amazonaws.com/111122223333/interruptions",
        sqsManagedSseEnabled: true,
      },
    },
    queuePolicy: {
      type: "aws:sqs/queuePolicy:QueuePolicy",
      from: ["queue"],
      props: {
        queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/interruptions",
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
    spotRule: rule("EC2 Spot Instance Interruption Warning"),
    spotTarget: target("spotRule"),
    stateRule: rule("EC2 Instance State-change Notification", "EC2 Instance Rebalance Recommendation"),
    stateTarget: target("stateRule"),
    addOn: { type: "aws:eks/addon:Addon", props: { addonName: "vpc-cni", clusterName: "prod" } },
  });
}

/** The stack as a program registers it. */
export function registered(stack: Stack): Registered[] {
  const keyOf = (name: string) => `${stack[name]?.type ?? ""}::${name}`;
  return Object.entries(stack).map(([name, { type, props, from = [] }]) => ({
    type,
    name,
    inputs: props,
    dependencies: from.filter((one) => stack[one]).map(keyOf),
  }));
}

/** Edits of a stack: `resource.path` to a value, `resource` to another one or, by `undefined`, to none. */
export type Edits = Record<string, unknown>;

/** The compliant stack with these edits, and the names of what they changed. */
export function edited(edits: Edits): { stack: Stack; changed: string[] } {
  const stack = compliantStack();
  for (const [target, value] of Object.entries(edits)) {
    const [resource = "", ...path] = target.split(".");
    if (path.length > 0) edit(stack[resource], path[0] === "type" ? "type" : `props.${path.join(".")}`, value);
    else if (value === undefined) Reflect.deleteProperty(stack, resource);
    else stack[resource] = value as Stack[string];
  }
  return { stack, changed: Object.keys(edits).map((target) => target.split(".")[0] ?? "") };
}

/**
 * Sets what stands at a dotted path, `undefined` removes it. The way there has to exist, as must what is removed: an
 * edit of a misspelt key would prove nothing. `~` stands for a dot within a key.
 */
export function edit(props: unknown, path: string, value: unknown): void {
  const keys = path.split(".").map((key) => key.replaceAll("~", "."));
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], props);
  if (typeof parent !== "object" || parent === null) throw new Error(`${path}: nothing there to edit`);
  if (value !== undefined) return void ((parent as Record<string, unknown>)[last] = value);
  if (!Object.hasOwn(parent, last)) throw new Error(`${path}: nothing there to remove`);
  Reflect.deleteProperty(parent, last);
}
