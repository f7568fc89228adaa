import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseStackFile } from "../../offline/stack-file";
import { validateConfig } from "../../stacks/settings";

const project = "eks-fast-disks";

/** What a stack file's text is answered with. */
function errorsOf(text: string): string[] {
  try {
    return validateConfig(parseStackFile(text, "stacks/Pulumi.test.yaml", project).config, project);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What stands in the stack file, what somebody writes in its place, and all that is said to it. */
type Mistake = [from: string, to: string, errors: string[]];

/** Node groups beside the pools, and what is said to them. */
const nodeGroups = (groups: string, ...errors: string[]): Mistake => [
  "  eks-fast-disks:bootImage:",
  `  eks-fast-disks:nodeGroups: { ${groups} }\n  eks-fast-disks:bootImage:`,
  errors,
];

const mistakes: Record<string, Mistake[]> = {
  dev: [
    [
      "eks-fast-disks:storageClasses:",
      "eks-fast-disk:storageClasses:",
      ['eks-fast-disk:storageClasses: is not a setting of this program; did you mean "eks-fast-disks:storageClasses"?'],
    ],
    [
      "eks-fast-disks:storageClasses:",
      "fast-disks:storageClasses:",
      ['fast-disks:storageClasses: is not a setting of this program; did you mean "eks-fast-disks:storageClasses"?'],
    ],
    [
      "eks-fast-disks:storageClasses:",
      "eks_fast_disks:storageClasses:",
      [
        'eks_fast_disks:storageClasses: is not a setting of this program; did you mean "eks-fast-disks:storageClasses"?',
      ],
    ],
    [
      "eks-fast-disks:cluster:",
      "eks:cluster:",
      [
        'eks:cluster: is not a setting of this program; did you mean "eks-fast-disks:cluster"?',
        'cluster: must be a table, got nothing; set it, for example {"name":"dev","kubernetesVersion":"1.35","publicAccessCidrs":["198.51.100.7/32"]}, or existingCluster',
      ],
    ],
    ["eks-fast-disks:cluster:", "eks-fast-disks:clustr:", ['clustr: no such setting; did you mean "cluster"?']],
    ["eks-fast-disks:cluster:", "clustr:", ['clustr: no such setting; did you mean "cluster"?']],
    [
      "eks-fast-disks:pools:",
      "eks-fast-disks:capacity: count\n  eks-fast-disks:pools:",
      ['capacity: must be one of exclusive, counted, got "count"'],
    ],
    [
      "eks-fast-disks:pools:",
      "eks-fast-disks:capactiy: counted\n  eks-fast-disks:pools:",
      ['capactiy: no such setting; did you mean "capacity"?'],
    ],
    [
      "    fast:\n",
      "    fast:\n      capacity: counted\n",
      ['pools.fast.capacity: no such setting; did you mean "capacity"?'],
    ],
    [
      "    fast:\n",
      '    fast:\n      disks: "1"\n',
      ['pools.fast.disks: must be a number, got "1"; write 1 without quotes'],
    ],
    ["    fast:\n", "    fast:\n      disk: 1\n", ['pools.fast.disk: no such setting; did you mean "disks"?']],
    [
      "    fast:\n",
      "    fast:\n      disks: 2\n",
      ["pools.fast.disks: must be 1, the number of disks of its types, got 2"],
    ],
    [
      "eks-fast-disks:bootImage:",
      "eks-fast-disks:bootimage:",
      ['bootimage: no such setting; did you mean "bootImage"?'],
    ],
    [
      "eks-fast-disks:bootImage:",
      "eks-fast-disks:boot-image:",
      ['boot-image: no such setting; did you mean "bootImage"?'],
    ],
    [
      "eks-fast-disks:pools:",
      "aws:pools:",
      [
        'aws:pools: is not a setting of this program; did you mean "eks-fast-disks:pools"?',
        'pools: must be a table, got nothing; set it, for example {"fast":{"instanceTypes":["c8gd.xlarge"]}}, or nodeGroups',
      ],
    ],
    ["aws:region:", "asw:region:", ['asw:region: is not a setting of this program; did you mean "aws:region"?']],
    ["aws:region:", "aws:regoin:", ['aws:regoin: is not a setting of this program; did you mean "aws:region"?']],
    [
      "aws:region: us-east-1",
      "aws:region: us-esat-1",
      ['aws:region: must be a region of AWS such as us-east-1, got "us-esat-1"; did you mean "us-east-1"?'],
    ],
    [
      "aws:region: us-east-1",
      "aws:region: us-east-1a",
      ['aws:region: must be a region of AWS such as us-east-1, got "us-east-1a"; did you mean "us-east-1"?'],
    ],
    [
      "aws:region: us-east-1",
      "aws:region: virginia",
      [
        'aws:region: must be a region of AWS such as us-east-1, got "virginia"; one newer than this release needs aws:skipRegionValidation',
      ],
    ],
    [
      "aws:region: us-east-1",
      "aws:region: 5",
      [
        'aws:region: must be a region of AWS such as us-east-1, got "5"; one newer than this release needs aws:skipRegionValidation',
      ],
    ],
    ["config:\n", "configs:\n", ['stacks/Pulumi.test.yaml: configs: no such key; did you mean "config"?']],
    [
      "config:\n",
      "",
      ["stacks/Pulumi.test.yaml: aws:region: is not under config; move it there, two spaces to the right"],
    ],
    ["newVpc:", "newVPC:", ['network.newVPC: no such setting; did you mean "newVpc"?']],
    [
      "natGateways: Single",
      "natGateways: Double",
      ['network.newVpc.natGateways: must be one of Single, OnePerAz, got "Double"'],
    ],
    [
      "natGateways: Single",
      "natGateways: single",
      ['network.newVpc.natGateways: must be one of Single, OnePerAz, got "single"; did you mean "Single"?'],
    ],
    [
      "natGateways: Single",
      "natGateway: Single",
      ['network.newVpc.natGateway: no such setting; did you mean "natGateways"?'],
    ],
    ["natGateways: Single", "zones: 1", ["network.newVpc.zones: must be 2 to 6, EKS needs two, got 1"]],
    ["natGateways: Single", 'zones: "3"', ['network.newVpc.zones: must be a number, got "3"; write 3 without quotes']],
    ["natGateways: Single", "zones: 2.5", ["network.newVpc.zones: must be 2 to 6, EKS needs two, got 2.5"]],
    [
      "natGateways: Single",
      "zoneNames: [a, b]",
      ['network.newVpc.zoneNames: must be names of zones such as us-east-1a, got "a", "b"'],
    ],
    [
      "natGateways: Single",
      "zoneNames: [us-west-2a, us-west-2b]",
      [
        'network.newVpc.zoneNames.0: must be a zone of aws:region us-east-1, got "us-west-2a"',
        'network.newVpc.zoneNames.1: must be a zone of aws:region us-east-1, got "us-west-2b"',
      ],
    ],
    [
      "natGateways: Single",
      "zoneNames: [us-east-1a]",
      ["network.newVpc.zoneNames: must be 2 to 6 different zones, got [us-east-1a]"],
    ],
    [
      "natGateways: Single",
      "zones: 2\n      zoneNames: [us-east-1a, us-east-1b]",
      ["network.newVpc.zones: set at most one of zones and zoneNames"],
    ],
    [
      "    newVpc:\n      cidrBlock: 10.0.0.0/16\n      natGateways: Single",
      "    natGateways: Single",
      [
        'network.natGateways: no such setting; did you mean "network.newVpc.natGateways"?',
        "network.newVpc: set exactly one of newVpc and existingVpc",
      ],
    ],
    [
      "cidrBlock: 10.0.0.0/16",
      "cidrBlock: 10.0.0.0/8",
      ['network.newVpc.cidrBlock: must be a network range of /16 to /20, got "10.0.0.0/8"'],
    ],
    [
      "cidrBlock: 10.0.0.0/16",
      "cidrBlock: 10.0.0.1/16",
      ['network.newVpc.cidrBlock: must start at its network address, got "10.0.0.1/16"; write 10.0.0.0/16'],
    ],
    [
      "cidrBlock: 10.0.0.0/16",
      "cidrBlock: 11.0.0.0/16",
      [
        'network.newVpc.cidrBlock: must be private, or nodes lose that part of the internet, got "11.0.0.0/16"; use a part of 10.0.0.0/8',
      ],
    ],
    [
      "cidrBlock: 10.0.0.0/16",
      "cidrBlock: 10.0.0.0",
      ['network.newVpc.cidrBlock: must be an IPv4 network range such as 10.0.0.0/16, got "10.0.0.0"'],
    ],
    [
      "cidrBlock: 10.0.0.0/16",
      "cidrBlock: [10.0.0.0/16]",
      ['network.newVpc.cidrBlock: must be a string, got ["10.0.0.0/16"]; write for example "10.0.0.0/16"'],
    ],
    [
      "    newVpc:\n      cidrBlock: 10.0.0.0/16\n      natGateways: Single",
      "    newVpc: {}\n    existingVpc: { vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }",
      ["network.newVpc: set exactly one of newVpc and existingVpc"],
    ],
    [
      "    newVpc:\n      cidrBlock: 10.0.0.0/16\n      natGateways: Single",
      "    newVpc: true",
      ["network.newVpc: must be a table, got true; known are cidrBlock, zones, zoneNames, natGateways"],
    ],
    ["    name: fast-disks-dev\n", "", ['cluster.name: must be a string, got nothing; set it, for example "dev"']],
    [
      "name: fast-disks-dev",
      "name: fast.disks",
      ['cluster.name: must be 1 to 100 letters, digits, hyphens and underscores, got "fast.disks"'],
    ],
    [
      "name: fast-disks-dev",
      "name: 5",
      ['cluster.name: must be a string, got 5; write it in quotes, for example "dev"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      "kubernetesVersion: 1.35",
      ['cluster.kubernetesVersion: must be a string, got 1.35; write it in quotes, for example "1.35"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      "kubernetesVersion: 1.30",
      ['cluster.kubernetesVersion: must be a string, got 1.3; write it in quotes, for example "1.35"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      'kubernetesVersion: "1.30"',
      ['cluster.kubernetesVersion: must be one of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, got "1.30"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      "kubernetesVersion: v1.35",
      ['cluster.kubernetesVersion: must be one of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, got "v1.35"; write "1.35"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      "kubernetesVersion: 1.35.2",
      ['cluster.kubernetesVersion: must be one of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, got "1.35.2"; write "1.35"'],
    ],
    [
      'kubernetesVersion: "1.35"',
      'version: "1.35"',
      ['cluster.version: no such setting; did you mean "kubernetesVersion"?'],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: [203.0.113.7/24]",
      [
        'cluster.publicAccessCidrs.0: must start at its network address, got "203.0.113.7/24"; write 203.0.113.0/24, or 203.0.113.7/32 for one address',
      ],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: 203.0.113.0/24",
      ['cluster.publicAccessCidrs: must be a list, got "203.0.113.0/24"; write ["203.0.113.0/24"]'],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: [0.0.0.0/0]",
      [
        'cluster.publicAccessCidrs.0: must be /8 or narrower, or a large part of the internet reaches the API, got "0.0.0.0/0"; use your own network range',
      ],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: [10.0.0.0/8]",
      ['cluster.publicAccessCidrs.0: must be public, EKS refuses others, got "10.0.0.0/8"; leave it out'],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: [office]",
      ['cluster.publicAccessCidrs.0: must be an IPv4 network range such as 198.51.100.7/32, got "office"'],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      'publicAccessCidrs: ["2001:db8::/32"]',
      ['cluster.publicAccessCidrs.0: must be an IPv4 network range such as 198.51.100.7/32, got "2001:db8::/32"'],
    ],
    [
      "    publicAccessCidrs: [203.0.113.0/24]\n",
      "",
      [
        "cluster.publicAccessCidrs: must contain the network range that up runs from, got none; or set privateOnly if it runs inside the VPC",
      ],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "publicAccessCidrs: [203.0.113.0/24]\n    privateOnly: true",
      [
        "cluster.privateOnly: contradicts publicAccessCidrs; leave out one of the two",
        "cluster.privateOnly: up cannot run inside a VPC that it has not created yet; set publicAccessCidrs, or network.existingVpc",
      ],
    ],
    [
      "publicAccessCidrs: [203.0.113.0/24]",
      "privateOnly: true",
      [
        "cluster.privateOnly: up cannot run inside a VPC that it has not created yet; set publicAccessCidrs, or network.existingVpc",
      ],
    ],
    [
      "deletionProtection: false",
      'deletionProtection: "yes"',
      ['cluster.deletionProtection: must be true or false, got "yes"; write true without quotes'],
    ],
    [
      "deletionProtection: false",
      "deletionProtection: no",
      ['cluster.deletionProtection: must be true or false, got "no"; write false without quotes'],
    ],
    [
      "deletionProtection: false",
      'admins: { ops: "arn:aws:sts::123456789012:assumed-role/ops/alice" }',
      [
        'cluster.admins.ops: must be the ARN of a role, got that of a session, "arn:aws:sts::123456789012:assumed-role/ops/alice"; write arn:aws:iam::123456789012:role/ops, with the role\'s path if it has one',
      ],
    ],
    [
      "deletionProtection: false",
      'admins: { ops: "ops" }',
      ['cluster.admins.ops: must be the ARN of an IAM role or user, got "ops"'],
    ],
    [
      "deletionProtection: false",
      'admins: ["arn:aws:iam::123456789012:role/ops"]',
      [
        'cluster.admins: must be a table, got ["arn:aws:iam::123456789012:role/ops"]; write for example {"name":"arn:aws:iam::123456789012:role/ops"}',
      ],
    ],
    [
      "deletionProtection: false",
      'admins: { ops: "arn:aws:iam::123456789012:root" }',
      ['cluster.admins.ops: must be the ARN of an IAM role or user, got "arn:aws:iam::123456789012:root"'],
    ],
    [
      "deletionProtection: false",
      "logTypes: [audits]",
      [
        'cluster.logTypes: must be of api, audit, authenticator, controllerManager, scheduler, got "audits"; did you mean "audit"?',
      ],
    ],
    [
      "deletionProtection: false",
      "logRetentionDays: 31",
      [
        "cluster.logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, got 31",
      ],
    ],
    [
      "deletionProtection: false",
      'logRetentionDays: "30"',
      ['cluster.logRetentionDays: must be a number, got "30"; write 30 without quotes'],
    ],
    [
      "vpcCni: most-recent",
      "vpcCni: latest",
      ['cluster.addOns.vpcCni: must be most-recent or a version such as v1.3.8-eksbuild.2, got "latest"'],
    ],
    [
      "vpcCni: most-recent",
      "vpc-cni: most-recent",
      ['cluster.addOns.vpc-cni: no such setting; did you mean "vpcCni"?'],
    ],
    ["    addOns: {", "    addons: {", ['cluster.addons: no such setting; did you mean "addOns"?']],
    [
      "version: 1.66.0",
      "version: 1.66",
      ['bottlerocket.version: must be a string, got 1.66; write it in quotes, for example "1.66.0"'],
    ],
    ["version: 1.66.0", "version: v1.66.0", ['bottlerocket.version: must be X.Y.Z without a "v", got "v1.66.0"']],
    ["version: 1.66.0", "version: latest", ['bottlerocket.version: must be X.Y.Z without a "v", got "latest"']],
    [
      "control: { enabled: true }",
      "contrl: { enabled: true }",
      [
        'bottlerocket.settings.hostContainers.contrl: needs enabled, source, superpowered, since it is not one of Bottlerocket\'s own; add source, superpowered; did you mean "control"?',
      ],
    ],
    [
      "admin: { enabled: true }",
      "admin: { enable: true }",
      ['bottlerocket.settings.hostContainers.admin.enable: no such setting; did you mean "enabled"?'],
    ],
    [
      "admin: { enabled: true }",
      'admin: { enabled: "true" }',
      [
        'bottlerocket.settings.hostContainers.admin.enabled: must be true or false, got "true"; write true without quotes',
      ],
    ],
    [
      "admin: { enabled: true }",
      "admin: true",
      [
        "bottlerocket.settings.hostContainers.admin: must be a table, got true; known are enabled, source, superpowered, userData, command",
      ],
    ],
    [
      "      hostContainers:",
      "      host-containers:",
      ['bottlerocket.settings.host-containers: no such setting; did you mean "hostContainers"?'],
    ],
    [
      "    settings:\n      hostContainers:",
      "    hostContainers:",
      ['bottlerocket.hostContainers: no such setting; did you mean "bottlerocket.settings.hostContainers"?'],
    ],
    [
      "      hostContainers:",
      "      kubernetes: { nodeLabels: { a: 1 } }\n      hostContainers:",
      [
        'bottlerocket.settings.kubernetes.nodeLabels.a: must be a string, got 1; write it in quotes, for example "true"',
      ],
    ],
    [
      "      hostContainers:",
      "      kubernetes: { maxPods: 10 }\n      hostContainers:",
      [
        "bottlerocket.settings.kubernetes.maxPods: no such setting; known are nodeLabels, nodeTaints, evictionHard, evictionSoft, evictionSoftGracePeriod, kubeReserved, systemReserved, podPidsLimit, containerLogMaxSize, containerLogMaxFiles, allowedUnsafeSysctls",
        "bottlerocket.settings.kubernetes.maxPods: Karpenter overwrites it with the number that it computes for the instance type; leave it out",
      ],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { minSize: 1 }\n  eks-fast-disks:bootImage:",
      ["systemNodes.minSize: must be at least 2, the controllers' replicas need two nodes, got 1"],
    ],
    nodeGroups(
      "base: {}",
      'nodeGroups.base.instanceTypes: must be a list, got nothing; set it, for example ["c8gd.xlarge"]',
    ),
    nodeGroups(
      "base: { instanceTypes: [c8g.xlarge] }",
      'nodeGroups.base.instanceTypes.0: no arm64 type with local NVMe is called "c8g.xlarge"; use for example "c8gd.xlarge"',
    ),
    nodeGroups(
      "base: { instanceTypes: [c8gd.xlarge], capacityType: SPOT }",
      'nodeGroups.base.capacityType: must be one of spot, on-demand, got "SPOT"; did you mean "spot"?',
    ),
    nodeGroups(
      "base: { instanceTypes: [c8gd.xlarge], onDrift: hold }",
      'nodeGroups.base.onDrift: no such setting; did you mean "pools.<name>.onDrift"?',
    ),
    nodeGroups(
      "base: { instanceTypes: [c8gd.xlarge], maxsize: 3 }",
      'nodeGroups.base.maxsize: no such setting; did you mean "maxSize"?',
    ),
    nodeGroups(
      "base: { instanceTypes: [c8gd.xlarge], minSize: 0 }",
      "nodeGroups.base.minSize: must be a whole number from 1, got 0",
    ),
    nodeGroups("fast: { instanceTypes: [c8gd.xlarge] }", "nodeGroups.fast: is the name of a pool too; use another"),
    [
      "eks-fast-disks:pools:",
      "eks-fast-disks:nodeGroups:",
      [
        'nodeGroups.fast.instanceTypes: must be a list, got nothing; set it, for example ["c8gd.xlarge"]',
        'nodeGroups.fast.requirements: no such setting; did you mean "pools.<name>.requirements"?',
        'nodeGroups.fast.capacityTypes: no such setting; did you mean "capacityType"?',
        'nodeGroups.fast.limits: no such setting; did you mean "pools.<name>.limits"?',
        'nodeGroups.fast.onDrift: no such setting; did you mean "pools.<name>.onDrift"?',
        "karpenter: starts nodes of pools only, and there is none; leave it out, or set pools",
      ],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { minSize: 3, maxSize: 2 }\n  eks-fast-disks:bootImage:",
      ["systemNodes.maxSize: must be a whole number not below minSize 3, got 2"],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { instanceTypes: [m7i.large] }\n  eks-fast-disks:bootImage:",
      ['systemNodes.instanceTypes.0: must be an arm64 type such as m7g.large, got "m7i.large"'],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { instanceTypes: [] }\n  eks-fast-disks:bootImage:",
      ["systemNodes.instanceTypes: must list at least one type, got none"],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { rootVolumeGiB: 2 }\n  eks-fast-disks:bootImage:",
      ["systemNodes.rootVolumeGiB: must be a whole number of GiB from 4 to 16384, got 2"],
    ],
    [
      "  eks-fast-disks:bootImage:",
      "  eks-fast-disks:systemNodes: { dataVolumeGiB: 20Gi }\n  eks-fast-disks:bootImage:",
      ['systemNodes.dataVolumeGiB: must be a number, got "20Gi"'],
    ],
    [
      "forceDelete: true",
      'reference: "docker.io/library/x:latest"',
      ['bootImage.reference: must be an image by digest, registry/name@sha256:…, got "docker.io/library/x:latest"'],
    ],
    [
      "  eks-fast-disks:bootImage:\n    forceDelete: true",
      '  eks-fast-disks:bootImage: "x@sha256:0"',
      ['bootImage: must be a table, got "x@sha256:0"; known are reference, forceDelete'],
    ],
    ["    forceDelete: true\n", "", ["bootImage: must be a table, got nothing; write {} for its defaults"]],
    [
      "  eks-fast-disks:karpenter:\n    version: 1.14.0",
      "  eks-fast-disks:karpenter: 1.14",
      ['karpenter: must be a table, got 1.14; write for example {"version":"1.14.0"}'],
    ],
    [
      "  eks-fast-disks:karpenter:\n    version: 1.14.0",
      "  eks-fast-disks:karpenter: 1.14.0",
      ['karpenter: must be a table, got "1.14.0"; write for example {"version":"1.14.0"}'],
    ],
    [
      "version: 1.14.0",
      "version: 1.14",
      ['karpenter.version: must be a string, got 1.14; write it in quotes, for example "1.14.0"'],
    ],
    ["version: 1.14.0", "version: v1.14.0", ['karpenter.version: must be X.Y.Z without a "v", got "v1.14.0"']],
    [
      "version: 1.14.0",
      "version: 1.13.0",
      ['karpenter.version: must be 1.14.x, the release that these manifests are written for, got "1.13.0"'],
    ],
    [
      "version: 1.14.0",
      "version: 1.14.0\n    onMaintenance: keep",
      ['karpenter.onMaintenance: must be one of replace, hold, got "keep"'],
    ],
    [
      "    fast:\n",
      "    Fast_1:\n",
      ["pools.Fast_1: name must be 1 to 20 lower-case letters, digits and hyphens, the first a letter"],
    ],
    [
      "capacityTypes: [spot]",
      "capacityTypes: [spott]",
      ['pools.fast.capacityTypes.0: must be one of spot, on-demand, got "spott"; did you mean "spot"?'],
    ],
    [
      "capacityTypes: [spot]",
      "capacityTypes: [onDemand]",
      ['pools.fast.capacityTypes.0: must be one of spot, on-demand, got "onDemand"; did you mean "on-demand"?'],
    ],
    [
      "capacityTypes: [spot]",
      "capacityTypes: [on-demand]",
      ["pools.fast.capacityTypes: must include spot, on-demand is its fallback, got [on-demand]"],
    ],
    [
      "capacityTypes: [spot]",
      "capacityTypes: spot",
      ['pools.fast.capacityTypes: must be a list, got "spot"; write ["spot"]'],
    ],
    [
      'limits: { cpu: "100" }',
      "limits: { cpu: 100 }",
      ['pools.fast.limits.cpu: must be a string, got 100; write it in quotes, for example "100"'],
    ],
    [
      'limits: { cpu: "100" }',
      'limits: { cpus: "100" }',
      ['pools.fast.limits.cpus: is not a limit of Karpenter; known are cpu, memory, nodes; did you mean "cpu"?'],
    ],
    [
      'limits: { cpu: "100" }',
      'limits: { nodes: "5" }',
      ["pools.fast.limits: must limit cpu or memory, or the cost has no limit, got [nodes]"],
    ],
    [
      'limits: { cpu: "100" }',
      'limits: { cpu: "0" }',
      ['pools.fast.limits.cpu: must be above 0, or the pool starts no node, got "0"'],
    ],
    [
      'limits: { cpu: "100" }',
      'limits: "100"',
      ['pools.fast.limits: must be a table, got "100"; write for example {"cpu":"100"}'],
    ],
    ['limits: { cpu: "100" }', 'limts: { cpu: "100" }', ['pools.fast.limts: no such setting; did you mean "limits"?']],
    [
      "storageClass: fast-disks",
      "storageClass: dense",
      ['pools.fast.storageClass: must be one of fast-disks, got "dense"'],
    ],
    [
      "storageClass: fast-disks",
      "storageclass: fast-disks",
      ['pools.fast.storageclass: no such setting; did you mean "storageClass"?'],
    ],
    [
      "storageClass: fast-disks",
      "instanceTypes: [c8gd.xlarge]",
      ["pools.fast.requirements: set exactly one of requirements and instanceTypes"],
    ],
    ["onDrift: replace", "onDrift: wait", ['pools.fast.onDrift: must be one of hold, replace, got "wait"']],
    [
      "onDrift: replace",
      "onDrift: Replace",
      ['pools.fast.onDrift: must be one of hold, replace, got "Replace"; did you mean "replace"?'],
    ],
    [
      "onDrift: replace",
      "consolidateAfter: 300",
      ['pools.fast.consolidateAfter: must be a string, got 300; write it in quotes, for example "5m"'],
    ],
    [
      "onDrift: replace",
      "consolidateAfter: 5 minutes",
      ['pools.fast.consolidateAfter: must be a duration such as 1h30m, got "5 minutes"; write 5m'],
    ],
    [
      "onDrift: replace",
      "expireAfter: 30d",
      ['pools.fast.expireAfter: must be a duration such as 720h, or Never, got "30d"; write 720h'],
    ],
    [
      "onDrift: replace",
      "expireAfter: never",
      ['pools.fast.expireAfter: must be a duration such as 720h, or Never, got "never"; did you mean "Never"?'],
    ],
    ["onDrift: replace", "discovery: uuid", ['pools.fast.discovery: must be one of bootstrap, udev, got "uuid"']],
    ["onDrift: replace", "onMissing: ignore", ['pools.fast.onMissing: must be one of fail, continue, got "ignore"']],
    [
      "onDrift: replace",
      'taint: "no"',
      ['pools.fast.taint: must be true or false, got "no"; write false without quotes'],
    ],
    [
      "onDrift: replace",
      "labels: { karpenter.sh/x: y }",
      ["pools.fast.labels.karpenter.sh/x: is in a domain of Karpenter or Kubernetes; use your own domain"],
    ],
    [
      "onDrift: replace",
      "labels: { team: 5 }",
      ['pools.fast.labels.team: must be a string, got 5; write it in quotes, for example "yes"'],
    ],
    [
      "onDrift: replace",
      'labels: { "my team": x }',
      ['pools.fast.labels.my team: must be a Kubernetes label, got "my team: x"'],
    ],
    [
      "onDrift: replace",
      'instanceProfile: "arn:aws:iam::123456789012:instance-profile/x"',
      [
        'pools.fast.instanceProfile: must be a name of 1 to 128 letters, digits and "+=,.@_-", got "arn:aws:iam::123456789012:instance-profile/x"',
      ],
    ],
    [
      "onDrift: replace",
      "terminationGracePeriod: 0s",
      ['pools.fast.terminationGracePeriod: must be a duration such as 1h30m, got "0s"'],
    ],
    [
      'operator: Gt, values: ["6"]',
      "operator: Gt, values: [6]",
      ['pools.fast.requirements.1.values.0: must be a string, got 6; write it in quotes, for example "4"'],
    ],
    [
      'operator: Gt, values: ["6"]',
      'operator: gt, values: ["6"]',
      [
        'pools.fast.requirements.1.operator: must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte, Lte, got "gt"; did you mean "Gt"?',
      ],
    ],
    [
      'operator: Gt, values: ["6"]',
      'operator: Gt, value: "6"',
      ['pools.fast.requirements.1.value: no such setting; did you mean "values"?'],
    ],
    [
      'operator: Gt, values: ["6"]',
      'operator: Gt, values: ["6", "7"]',
      ["pools.fast.requirements.1.values: operator Gt takes one whole number in quotes, got [6, 7]"],
    ],
    [
      'operator: Gt, values: ["6"]',
      'operator: Gt, values: ["60"]',
      ['pools.fast.requirements: no arm64 instance type with local NVMe matches; add a family such as "c8gd"'],
    ],
    ["values: [c, m, r]", "values: c", ['pools.fast.requirements.0.values: must be a list, got "c"; write ["c"]']],
    [
      "key: karpenter.k8s.aws/instance-generation",
      "key: karpenter.k8s.aws/instance-generaton",
      [
        'pools.fast.requirements.1.key: must be a label that Karpenter knows, got "karpenter.k8s.aws/instance-generaton"; did you mean "karpenter.k8s.aws/instance-generation"?',
      ],
    ],
    [
      "key: karpenter.k8s.aws/instance-generation",
      "key: karpenter.sh/capacity-type",
      ["pools.fast.requirements.1: set the pool's capacityTypes instead"],
    ],
    [
      "  eks-fast-disks:pools:\n    fast:\n",
      "  eks-fast-disks:pools:\n",
      [
        'pools.requirements: is a setting and not a name; did you mean "pools.<name>.requirements"?',
        'pools.capacityTypes: is a setting and not a name; did you mean "pools.<name>.capacityTypes"?',
        'pools.limits: is a setting and not a name; did you mean "pools.<name>.limits"?',
        'pools.storageClass: is a setting and not a name; did you mean "pools.<name>.storageClass"?',
        'pools.onDrift: is a setting and not a name; did you mean "pools.<name>.onDrift"?',
      ],
    ],
    [
      "reclaimPolicy: Delete",
      "reclaimPolicy: delete",
      ['storageClasses.fast-disks.reclaimPolicy: must be one of Delete, Retain, got "delete"; did you mean "Delete"?'],
    ],
    [
      "reclaimPolicy: Delete",
      "reclaimPolicy: Recycle",
      ['storageClasses.fast-disks.reclaimPolicy: must be one of Delete, Retain, got "Recycle"'],
    ],
    [
      "reclaimPolicy: Delete",
      "reclaimpolicy: Delete",
      ['storageClasses.fast-disks.reclaimpolicy: no such setting; did you mean "reclaimPolicy"?'],
    ],
    [
      "wipe: discard",
      "wipe: blkdiscard",
      ['storageClasses.fast-disks.wipe: must be one of discard, quick, zero, shred, got "blkdiscard"'],
    ],
    [
      "wipe: discard",
      "fileSystem: ext3",
      ['storageClasses.fast-disks.fileSystem: must be one of ext4, xfs, got "ext3"; did you mean "ext4"?'],
    ],
    [
      "wipe: discard",
      "volumeMode: Block, fileSystem: xfs",
      ["storageClasses.fast-disks.fileSystem: has no effect with volumeMode Block; leave it out"],
    ],
    [
      "wipe: discard",
      "mountOptions: noatime",
      ['storageClasses.fast-disks.mountOptions: must be a list, got "noatime"; write ["noatime"]'],
    ],
    [
      "wipe: discard",
      'mountOptions: ["noatime,discard"]',
      ['storageClasses.fast-disks.mountOptions.0: must be a single option such as noatime, got "noatime,discard"'],
    ],
    [
      "wipe: discard",
      'namePattern: "[a"',
      ['storageClasses.fast-disks.namePattern: must be globs that Go\'s path.Match reads, got "[a"'],
    ],
    [
      "    fast-disks: { recl",
      "    fast_disks: { recl",
      [
        'storageClasses.fast_disks: name must be 1 to 20 lower-case letters, digits and hyphens, got "fast_disks"',
        'pools.fast.storageClass: must be one of fast_disks, got "fast-disks"; did you mean "fast_disks"?',
      ],
    ],
    [
      "    fast-disks: { recl",
      "    123: { recl",
      [
        'storageClasses.123: name must not be what YAML reads as a number, boolean or null, got "123"',
        'pools.fast.storageClass: must be one of 123, got "fast-disks"',
      ],
    ],
    [
      "{ reclaimPolicy: Delete, wipe: discard }",
      "Delete",
      [
        'storageClasses.fast-disks: must be a table, got "Delete"; known are reclaimPolicy, volumeMode, fileSystem, mountOptions, namePattern, wipe',
      ],
    ],
    [
      "{ reclaimPolicy: Delete, wipe: discard }",
      "",
      ["storageClasses.fast-disks: must be a table, got nothing; write {} for its defaults"],
    ],
    [
      "  eks-fast-disks:tags:",
      "  eks-fast-disks:nodeCleanup: { claimDeletionDelay: 1s }\n  eks-fast-disks:tags:",
      ['nodeCleanup.claimDeletionDelay: must be 5s or longer, or new claims are lost, got "1s"'],
    ],
    [
      "  eks-fast-disks:tags:",
      "  eks-fast-disks:nodeCleanup: { claimDeletionDelay: 15 }\n  eks-fast-disks:tags:",
      ['nodeCleanup.claimDeletionDelay: must be a string, got 15; write it in quotes, for example "15s"'],
    ],
    [
      "  eks-fast-disks:tags:",
      "  eks-fast-disks:nodeCleanup: { claimDeletionDelay: 20s, discoveryInterval: 30s }\n  eks-fast-disks:tags:",
      ['nodeCleanup.claimDeletionDelay: must be longer than discoveryInterval 30s, got "20s"'],
    ],
    ["environment: dev", "environment: 1", ['tags.environment: must be a string, got 1; write "1"']],
    ["environment: dev", '"aws:x": y', ["tags.aws:x: is reserved for AWS or Karpenter; leave it out"]],
    ["environment: dev", "- a", ['tags: must be a table, got ["a"]; write for example {"environment":"dev"}']],
    ["environment: dev", '"a*": b', ['tags.a*: key must be 1 to 128 letters, digits, spaces and "_.:/=+-@", got "a*"']],
    [
      "  eks-fast-disks:tags:",
      "  eks-fast-disks:createSpotRole: true\n  eks-fast-disks:tags:",
      [
        "createSpotRole: no such setting; known are network, cluster, existingCluster, bottlerocket, systemNodes, bootImage, diskController, karpenter, existingKarpenter, capacity, pools, nodeGroups, storageClasses, nodeCleanup, monitoring, prometheus, tags, allowDataLoss",
      ],
    ],
    [
      "  eks-fast-disks:tags:",
      '  eks-fast-disks:kubernetesVersion: "1.35"\n  eks-fast-disks:tags:',
      ['kubernetesVersion: no such setting; did you mean "cluster.kubernetesVersion"?'],
    ],
    [
      "  eks-fast-disks:tags:",
      "  eks-fast-disks:instanceTypes: [c8gd.xlarge]\n  eks-fast-disks:tags:",
      [
        'instanceTypes: no such setting; did you mean "systemNodes.instanceTypes" or "pools.<name>.instanceTypes" or "nodeGroups.<name>.instanceTypes"?',
      ],
    ],
    [
      "  eks-fast-disks:cluster:",
      "  eks-fast-disks:cluster:\n  eks-fast-disks:x:",
      [
        'cluster: must be a table, got nothing; set it or leave it out, for example {"name":"dev","kubernetesVersion":"1.35","publicAccessCidrs":["198.51.100.7/32"]}',
        "x: no such setting; known are network, cluster, existingCluster, bottlerocket, systemNodes, bootImage, diskController, karpenter, existingKarpenter, capacity, pools, nodeGroups, storageClasses, nodeCleanup, monitoring, prometheus, tags, allowDataLoss",
      ],
    ],
  ],
  prod: [
    [
      "eks-fast-disks:pools:",
      "eks-fast-disks:capacity: counted\n  eks-fast-disks:pools:",
      [
        "pools.dense.disks: must be set with capacity counted: its types have 1 or 2 disks, and Karpenter would put small consumers on large nodes; add disks: 1, and a pool for 2",
      ],
    ],
    [
      "    dense:\n",
      "    dense:\n      disks: 3\n",
      ["pools.dense.disks: must be 1 or 2, the numbers of disks of its types, got 3"],
    ],
    [
      "vpcId: vpc-0123456789abcdef0",
      "vpcId: my-vpc",
      ['network.existingVpc.vpcId: must be an id such as vpc-0123456789abcdef0, got "my-vpc"'],
    ],
    [
      "vpcId: vpc-0123456789abcdef0",
      "vpcID: vpc-0123456789abcdef0",
      ['network.existingVpc.vpcID: no such setting; did you mean "vpcId"?'],
    ],
    [
      "subnets:",
      "subnetIds: [subnet-0123456789abcdef0]\n      subnets:",
      [
        "network.existingVpc.subnets: set exactly one of subnets and subnetIds",
        "network.existingVpc.subnetIds: must be two subnets or more, EKS needs two zones, got 1",
      ],
    ],
    [
      "      subnets:\n        - tags: { Name: us-east-1a }\n        - tags: { Name: us-east-1b }",
      "      subnetIds: [subnet-0123456789abcdef0]",
      ["network.existingVpc.subnetIds: must be two subnets or more, EKS needs two zones, got 1"],
    ],
    [
      "      subnets:\n        - tags: { Name: us-east-1a }\n        - tags: { Name: us-east-1b }",
      "      subnetIds: subnet-0123456789abcdef0",
      [
        'network.existingVpc.subnetIds: must be a list, got "subnet-0123456789abcdef0"; write ["subnet-0123456789abcdef0"]',
      ],
    ],
    [
      "- tags: { Name: us-east-1a }",
      "- Name: us-east-1a",
      [
        "network.existingVpc.subnets.0.Name: no such setting; known are id, tags",
        "network.existingVpc.subnets.0: set exactly one of id and tags",
      ],
    ],
    [
      "- tags: { Name: us-east-1a }",
      "- tags: [Name]",
      ['network.existingVpc.subnets.0.tags: must be a table, got ["Name"]; write for example {"Name":"private"}'],
    ],
    [
      "      subnets:\n        - tags: { Name: us-east-1a }\n        - tags: { Name: us-east-1b }",
      "",
      ["network.existingVpc.subnets: set exactly one of subnets and subnetIds"],
    ],
    [
      "- c8gd.xlarge\n",
      "- c8g.xlarge\n",
      [
        'pools.cache.instanceTypes.0: no arm64 type with local NVMe is called "c8g.xlarge"; use for example "c8gd.xlarge"',
      ],
    ],
    [
      "- c8gd.xlarge\n",
      "- c8gd.xlrage\n",
      [
        'pools.cache.instanceTypes.0: no arm64 type with local NVMe is called "c8gd.xlrage"; use for example "c8gd.xlarge"',
      ],
    ],
    [
      "- c8gd.xlarge\n",
      "- c8gd\n",
      ['pools.cache.instanceTypes.0: no arm64 type with local NVMe is called "c8gd"; use for example "c8gd.xlarge"'],
    ],
  ],
};

const files: [text: string, error: string][] = [
  ["", "stacks/Pulumi.test.yaml: is empty; start from stacks/Pulumi.dev.yaml; the README lists the settings"],
  [
    "config: [1",
    "stacks/Pulumi.test.yaml: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 11:\n\nconfig: [1\n          ^",
  ],
  [
    "config:\n",
    "stacks/Pulumi.test.yaml: has no config; start from stacks/Pulumi.dev.yaml; the README lists the settings",
  ],
  [
    "config: {}\n",
    "stacks/Pulumi.test.yaml: has no config; start from stacks/Pulumi.dev.yaml; the README lists the settings",
  ],
  [
    "- a\n",
    'stacks/Pulumi.test.yaml: must be a table with config, got ["a"]; start from stacks/Pulumi.dev.yaml; the README lists the settings',
  ],
  [
    "encryptionsalt: v1:abc\n",
    "stacks/Pulumi.test.yaml: has no config; start from stacks/Pulumi.dev.yaml; the README lists the settings",
  ],
];

describe("mistakes in a stack file", () => {
  for (const [stack, rows] of Object.entries(mistakes)) {
    const right = readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8");
    for (const [from, to, errors] of rows)
      it(`are answered: ${stack}, ${show(to === "" ? `without ${from}` : to)}`, () => {
        assert.ok(right.includes(from), from);
        assert.deepEqual(errorsOf(right.replace(from, to)), errors);
      });
  }

  for (const [text, error] of files)
    it(`are answered: a file with ${show(text) || "nothing"}`, () => {
      assert.deepEqual(errorsOf(text), [error]);
    });

  it("are at least the 91 that were tried on the first release", () => {
    assert.ok(Object.values(mistakes).flat().length >= 91);
  });
});

describe("what is not a mistake in a stack file", () => {
  const dev = readFileSync("stacks/Pulumi.dev.yaml", "utf8");
  const fine: [what: string, text: string][] = [
    ["a bare key, to which the engine adds the project's name", dev.replace("eks-fast-disks:cluster:", "cluster:")],
    ["the old form of a key", dev.replace("eks-fast-disks:cluster:", "eks-fast-disks:config:cluster:")],
    ["what pulumi stack init adds", `encryptionsalt: v1:abc\nsecretsprovider: passphrase\n${dev}`],
    [
      "settings of providers",
      `${dev}  aws:profile: dev\n  aws:defaultTags: { tags: { a: b } }\n  kubernetes:context: x\n`,
    ],
    ["settings of another program", `${dev}  other-program:size: 3\n`],
    [
      "a region that the SDK does not know yet",
      dev.replace("us-east-1", "us-south-9\n  aws:skipRegionValidation: true"),
    ],
  ];
  for (const [what, text] of fine)
    it(`passes: ${what}`, () => {
      assert.deepEqual(errorsOf(text), []);
    });
});

describe("secrets in a stack file", () => {
  for (const stack of ["dev", "prod"]) {
    const right = readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8");
    const sections = [...right.matchAll(/^ {2}eks-fast-disks:(\w+):/gm)].map(([, section]) => section ?? "");
    for (const section of sections)
      it(`get an example of what they hold: the whole of ${section} in ${stack}`, () => {
        const text = right.replace(
          new RegExp(`  eks-fast-disks:${section}:[^]*?(?=  eks-fast|$)`),
          `  eks-fast-disks:${section}: { secure: CIPHERTEXT }\n`,
        );
        const { config, secrets } = parseStackFile(text, "stacks/Pulumi.test.yaml", project);
        assert.deepEqual(secrets, [section]);
        assert.deepEqual(validateConfig(config, project), []);
        assert.ok(!JSON.stringify(config).includes("CIPHERTEXT"));
      });
  }

  const dev = readFileSync("stacks/Pulumi.dev.yaml", "utf8");
  for (const [path, from, to] of [
    ["cluster.name", "name: fast-disks-dev", "name: { secure: CIPHERTEXT }"],
    ["cluster.publicAccessCidrs.0", "[203.0.113.0/24]", "[{ secure: CIPHERTEXT }]"],
    ["cluster.publicAccessCidrs", "[203.0.113.0/24]", "{ secure: CIPHERTEXT }"],
    ["cluster.admins.ops", "deletionProtection: false", "admins: { ops: { secure: CIPHERTEXT } }"],
    ["cluster.deletionProtection", "deletionProtection: false", "deletionProtection: { secure: CIPHERTEXT }"],
    [
      "pools.fast.requirements.0",
      "{ key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m, r] }",
      "{ secure: CIPHERTEXT }",
    ],
    ["pools.fast.onDrift", "onDrift: replace", "onDrift: { secure: CIPHERTEXT }"],
    ["storageClasses.fast-disks", "{ reclaimPolicy: Delete, wipe: discard }", "{ secure: CIPHERTEXT }"],
    ["tags.environment", "environment: dev", "environment: { secure: CIPHERTEXT }"],
    ["aws:secretKey", "  aws:region:", "  aws:secretKey: { secure: CIPHERTEXT }\n  aws:region:"],
  ] as const)
    it(`get an example of what they hold: ${path}`, () => {
      assert.ok(dev.includes(from), from);
      const { config, secrets } = parseStackFile(dev.replace(from, to), "stacks/Pulumi.test.yaml", project);
      assert.deepEqual(secrets, [path]);
      assert.deepEqual(validateConfig(config, project), []);
      assert.ok(!JSON.stringify(config).includes("CIPHERTEXT"));
    });

  it("are not what a misspelt key is forgiven for", () => {
    assert.deepEqual(errorsOf(dev.replace("name: fast-disks-dev", "nam: { secure: CIPHERTEXT }")), [
      'cluster.nam: no such setting; did you mean "name"?',
    ]);
  });
});

function show(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
