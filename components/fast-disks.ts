import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AddOns } from "./add-ons";
import { BootImage } from "./boot-image";
import { Cluster } from "./cluster";
import { fail } from "./fault";
import { InterruptionQueue } from "./interruption-queue";
import { Karpenter } from "./karpenter";
import { KarpenterIdentity } from "./karpenter-identity";
import { LocalVolumes } from "./local-volumes";
import { mostRecent } from "./manifests/cluster";
import { Discovery } from "./manifests/discovery";
import type { FastDisksArgs } from "./manifests/fast-disks";
import { discoveriesOf, storageClassesOf, validateFastDisks, validateName } from "./manifests/fast-disks";
import { subnetTermsOf } from "./manifests/network";
import { renderPlacement } from "./manifests/placement";
import type { Placement } from "./manifests/placement";
import { names } from "./names";
import { Network } from "./network";
import { NodeCleanup } from "./node-cleanup";
import { NodePool } from "./node-pool";
import { SystemNodes } from "./system-nodes";

/**
 * The whole chain, from the VPC to volumes that appear by themselves, with every edge between its parts.
 *
 *     new FastDisks("fast-disks", {
 *       network: { newVpc: {} },
 *       cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
 *       bottlerocket: { version: "1.66.0" },
 *       karpenter: { version: "1.14.0" },
 *       pools: { fast: { instanceTypes: ["c8gd.xlarge"] } },
 *     });
 */
export class FastDisks extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`; it holds no credentials. */
  readonly kubeconfigJson: pulumi.Output<string>;
  /** Image of the bootstrap container, by digest; empty where no pool needs one. */
  readonly bootImage: pulumi.Output<string>;
  /** Per StorageClass what a pod needs to get one of its volumes. */
  readonly placements: pulumi.Output<Record<string, Placement>>;

  constructor(name: string, args: FastDisksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:FastDisks", name, args, opts);
    fail(this, [...validateName(name), ...validateFastDisks(args)]);
    const { tags, cluster: spec } = args;
    const { kubernetesVersion, addOns = {} } = spec;
    const storageClasses = storageClassesOf(args);

    const network = new Network(`${name}-network`, { ...args.network, clusterName: spec.name, tags }, { parent: this });
    const discoveries = discoveriesOf(args.pools);
    const bootImage = Object.values(discoveries).includes(Discovery.bootstrap)
      ? new BootImage(`${name}-boot-image`, { ...args.bootImage, tags }, { parent: this })
      : undefined;
    const { vpcId, subnetIds } = network;
    const cluster = new Cluster(
      `${name}-cluster`,
      { ...spec, vpcId, subnetIds, tags },
      { parent: this, dependsOn: [network.routes, network.routeTableAssociations] as never },
    );
    const { clusterName } = cluster;
    const queue = new InterruptionQueue(`${name}-interruption`, { tags }, { parent: this });
    const identity = new KarpenterIdentity(
      `${name}-karpenter-identity`,
      { clusterName, queueArn: queue.queueArn, createSpotRole: args.karpenter.createSpotRole, tags },
      { parent: this },
    );
    const nodeAddOns = new AddOns(
      `${name}-add-ons`,
      {
        ...{ clusterName, kubernetesVersion, tags },
        versions: {
          "vpc-cni": addOns.vpcCni ?? mostRecent,
          "kube-proxy": addOns.kubeProxy ?? mostRecent,
          "eks-pod-identity-agent": addOns.podIdentityAgent ?? mostRecent,
        },
      },
      { parent: this },
    );
    const systemNodes = new SystemNodes(
      `${name}-system`,
      { ...args.systemNodes, cluster: cluster.cluster, subnetIds, kubernetesVersion, ...bottlerocketOf(args) },
      { parent: this, dependsOn: nodeAddOns },
    );
    const dns = new AddOns(
      `${name}-dns`,
      { clusterName, kubernetesVersion, versions: { coredns: addOns.coredns ?? mostRecent }, tags },
      { parent: this, dependsOn: systemNodes },
    );

    const inCluster = inClusterOptions(this, name, cluster, spec.name);
    const karpenter = new Karpenter(
      `${name}-karpenter`,
      { version: args.karpenter.version, clusterName, interruptionQueue: queue.queueName },
      { ...inCluster.lasting, dependsOn: [identity, queue, dns] },
    );
    for (const [pool, poolSpec] of Object.entries(args.pools))
      new NodePool(
        `${name}-${pool}`,
        {
          ...poolSpec,
          ...bottlerocketOf(args),
          bootImage: bootImage?.reference,
          role: poolSpec.instanceProfile === undefined ? identity.nodeRoleName : undefined,
          subnetSelectorTerms: subnetTermsOf(args.network, spec.name),
          securityGroupSelectorTerms: [{ tags: { [names.discoveryTag]: spec.name } }],
        },
        { ...inCluster.pool, dependsOn: [karpenter, cluster] },
      );
    new LocalVolumes(`${name}-volumes`, { storageClasses, discoveries }, inCluster.lasting);
    new NodeCleanup(
      `${name}-cleanup`,
      { ...args.nodeCleanup, storageClasses: Object.keys(storageClasses) },
      { ...inCluster.lasting, dependsOn: dns },
    );

    this.clusterName = clusterName;
    this.kubeconfigJson = cluster.kubeconfigJson;
    this.bootImage = bootImage?.reference ?? pulumi.output("");
    this.placements = pulumi.output(
      Object.fromEntries(Object.keys(storageClasses).map((className) => [className, renderPlacement(className)])),
    );
    this.registerOutputs({ clusterName, bootImage: this.bootImage, placements: this.placements });
  }
}

function bottlerocketOf({ bottlerocket, tags }: FastDisksArgs) {
  return { bottlerocketVersion: bottlerocket.version, clusterSettings: bottlerocket.settings, tags };
}

/** Options of what lives in the cluster: `lasting` for what dies with it, `pool` for what must be drained before. */
function inClusterOptions(parent: FastDisks, name: string, cluster: Cluster, clusterIdentifier: string) {
  const provider = new k8s.Provider(
    `${name}-kubernetes`,
    { kubeconfig: cluster.kubeconfigJson, clusterIdentifier },
    { parent },
  );
  // The options want a Resource, and @pulumi/eks gives an Output of the one that really is deleted and replaced.
  const controlPlane = Object.assign(new pulumi.DependencyResource(""), { urn: cluster.controlPlane.urn });
  const pool = { parent, providers: [provider] };
  return { pool, lasting: { ...pool, deletedWith: controlPlane, replaceWith: [controlPlane] } };
}
