/** What a change of a resource's input does when `up` applies it. */
export const Effect = {
  /** The resource is changed; no pod or node is touched. */
  inPlace: "in place",
  /** Pods of the release are replaced; nodes and data are not touched. */
  rollsPods: "pods are replaced",
  /** The nodes of a managed node group are replaced, some at a time. */
  rollsNodes: "managed nodes are replaced",
  /** Karpenter regards the pool's nodes as out of date; `onDrift` decides what it does. */
  drift: "nodes drift",
  /** Karpenter regards the nodes that no longer match as out of date. */
  driftOfSome: "nodes that no longer match drift",
  /** The control plane is upgraded; AMIs are chosen by its version, so nodes drift. */
  upgrade: "upgraded in place, and nodes drift",
  /** No rule says what the change does: `pulumi preview` asks the provider. */
  unknown: "changed; preview says how",
  /** The resource is deleted and created again. */
  replaced: "replaced",
  created: "created",
  /** No longer in the stack; it stays in the account. */
  left: "left in the account",
  deleted: "deleted",
} as const;
export type Effect = (typeof Effect)[keyof typeof Effect];

interface Rule {
  type: RegExp;
  /** Path of the input, `spec.template.metadata.labels` for example. */
  path: RegExp;
  effect: Effect;
  /** Source of the rule. */
  source: string;
}

/** Checked with Karpenter's own code. */
export const karpenterHash = "Karpenter's hash of its objects, test/e2e/drift.test.ts";
const apiServer = "API server, test/e2e/changes.test.ts";
const provider = (resource: string) => `terraform-provider-aws, docs of ${resource}`;

/** The first matching rule decides. */
const rules: Rule[] = [
  {
    type: /^kubernetes:(?!helm)/,
    path: /^metadata\.(name|namespace)$/,
    effect: Effect.replaced,
    source: "Pulumi's Kubernetes provider",
  },
  {
    type: /^kubernetes:(?!helm)/,
    path: /^metadata(\.(labels|annotations)\b|$)/,
    effect: Effect.inPlace,
    source: apiServer,
  },
  {
    type: /:EC2NodeClass$/,
    path: /^spec\.(subnet|securityGroup)SelectorTerms/,
    effect: Effect.driftOfSome,
    source: karpenterHash,
  },
  {
    type: /:EC2NodeClass$/,
    path: /^spec\.amiSelectorTerms/,
    effect: Effect.drift,
    source: "karpenter-provider-aws, isAMIDrifted in pkg/cloudprovider/drift.go",
  },
  { type: /:EC2NodeClass$/, path: /^spec\./, effect: Effect.drift, source: karpenterHash },
  {
    type: /:NodePool$/,
    path: /^spec\.template\.spec\.requirements/,
    effect: Effect.driftOfSome,
    source: karpenterHash,
  },
  { type: /:NodePool$/, path: /^spec\.template\./, effect: Effect.drift, source: karpenterHash },
  { type: /:NodePool$/, path: /^spec\.(disruption|limits|weight)/, effect: Effect.inPlace, source: karpenterHash },
  // Affects only new nodes: the number of an existing node is in its NodeClaim.
  { type: /:NodeOverlay$/, path: /^spec/, effect: Effect.inPlace, source: apiServer },
  {
    type: /:StorageClass$/,
    path: /^(reclaimPolicy|volumeBindingMode|provisioner|parameters)/,
    effect: Effect.replaced,
    source: apiServer,
  },
  { type: /:StorageClass$/, path: /./, effect: Effect.inPlace, source: apiServer },
  {
    type: /:(PrometheusRule|ServiceMonitor)$/,
    path: /^spec\./,
    effect: Effect.inPlace,
    source: "Prometheus operator's definitions",
  },
  {
    type: /:ConfigMap$/,
    path: /^(data|binaryData|immutable)/,
    effect: Effect.replaced,
    source: "Pulumi's Kubernetes provider",
  },
  { type: /:ClusterRole$/, path: /^rules/, effect: Effect.inPlace, source: apiServer },
  { type: /:Deployment$/, path: /^spec\.template/, effect: Effect.rollsPods, source: apiServer },
  { type: /^kubernetes:helm\.sh\/v3:Release$/, path: /./, effect: Effect.rollsPods, source: "Helm upgrade" },
  {
    type: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(version|releaseVersion|launchTemplate)/,
    effect: Effect.rollsNodes,
    source: provider("aws_eks_node_group"),
  },
  {
    type: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(scalingConfig|tags|labels|taints|updateConfig|nodeRepairConfig|forceUpdateVersion)/,
    effect: Effect.inPlace,
    source: provider("aws_eks_node_group"),
  },
  {
    type: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(instanceTypes|capacityType|subnetIds|amiType|nodeRoleArn|clusterName)/,
    effect: Effect.replaced,
    source: provider("aws_eks_node_group"),
  },
  { type: /^eks:index:Cluster$/, path: /^version$/, effect: Effect.upgrade, source: provider("aws_eks_cluster") },
  {
    type: /^eks:index:Cluster$/,
    path: /^(tags|deletionProtection|enabledClusterLogTypes|publicAccessCidrs|endpointPublicAccess)/,
    effect: Effect.inPlace,
    source: provider("aws_eks_cluster"),
  },
  {
    type: /^aws:eks\/addon:Addon$/,
    path: /^addonVersion/,
    effect: Effect.rollsPods,
    source: provider("aws_eks_addon"),
  },
  {
    type: /^aws:eks\/accessEntry:AccessEntry$/,
    path: /^principalArn/,
    effect: Effect.replaced,
    source: provider("aws_eks_access_entry"),
  },
  {
    type: /^aws:eks\/accessPolicyAssociation:AccessPolicyAssociation$/,
    path: /^(principalArn|policyArn)/,
    effect: Effect.replaced,
    source: provider("aws_eks_access_policy_association"),
  },
  {
    type: /^aws:ec2\/launchTemplate:LaunchTemplate$/,
    path: /^(userData|blockDeviceMappings|tagSpecifications|metadataOptions)/,
    // A new version of the template, which the node group uses.
    effect: Effect.rollsNodes,
    source: provider("aws_launch_template"),
  },
  { type: /^aws:ec2\/route:Route$/, path: /^natGatewayId/, effect: Effect.inPlace, source: provider("aws_route") },
  {
    type: /^aws:ec2\/vpcEndpoint:VpcEndpoint$/,
    path: /^routeTableIds/,
    effect: Effect.inPlace,
    source: provider("aws_vpc_endpoint"),
  },
  {
    type: /^aws:ec2\/subnet:Subnet$/,
    path: /^(availabilityZone|cidrBlock)/,
    effect: Effect.replaced,
    source: provider("aws_subnet"),
  },
  {
    type: /^aws:cloudwatch\/logGroup:LogGroup$/,
    path: /^retentionInDays/,
    effect: Effect.inPlace,
    source: provider("aws_cloudwatch_log_group"),
  },
  { type: /^aws:iam\/policy:Policy$/, path: /^policy$/, effect: Effect.inPlace, source: provider("aws_iam_policy") },
  {
    type: /^aws:ecr\/repository:Repository$/,
    path: /^forceDelete/,
    effect: Effect.inPlace,
    source: provider("aws_ecr_repository"),
  },
  { type: /^aws:ec2\/vpc:Vpc$/, path: /^cidrBlock$/, effect: Effect.replaced, source: provider("aws_vpc") },
  { type: /^eks:index:Cluster$/, path: /^name$/, effect: Effect.replaced, source: provider("aws_eks_cluster") },
  { type: /^pulumi:index:Stash$/, path: /./, effect: Effect.inPlace, source: "Pulumi" },
  { type: /^pulumi:providers:/, path: /^kubeconfig/, effect: Effect.inPlace, source: "Pulumi" },
  { type: /^(aws|eks):/, path: /^tags/, effect: Effect.inPlace, source: "AWS tagging" },
];

/** The effect of a change of an input, and the source of its rule. */
export function effectOf(type: string, path: string): { effect: Effect; source: string } {
  const rule = rules.find((one) => one.type.test(type) && one.path.test(path));
  return rule ? { effect: rule.effect, source: rule.source } : { effect: Effect.unknown, source: "none" };
}
