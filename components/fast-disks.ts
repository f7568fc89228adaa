import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AddOns } from "./add-ons";
import { BootImage } from "./boot-image";
import { checkArgs, throwErrors } from "./check";
import { childOptions } from "./child-options";
import { Cluster } from "./cluster";
import { DiskController } from "./disk-controller";
import { fixed } from "./fixed";
import { InterruptionQueue } from "./interruption-queue";
import { Karpenter } from "./karpenter";
import { KarpenterIdentity } from "./karpenter-identity";
import { LocalVolumes } from "./local-volumes";
import { mostRecent } from "./manifests/add-ons";
import type { AddOnVersionsSpec } from "./manifests/add-ons";
import { Discovery } from "./manifests/discovery";
import {
  storageClassesOf,
  validateFastDisksArgs,
  validateFastDisksArgsForUp,
  validateName,
} from "./manifests/fast-disks";
import type { FastDisksArgs } from "./manifests/fast-disks";
import { renderPlacement } from "./manifests/placement";
import type { Placement } from "./manifests/placement";
import { discoveryOf } from "./manifests/pool";
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
  /** Name of the EKS cluster. */
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`; it holds no credentials. */
  readonly kubeconfigJson: pulumi.Output<string>;
  /** The security group that EKS puts on all nodes. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Private subnets, in which the nodes are. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** IAM role of the pools' nodes. */
  readonly nodeRoleName: pulumi.Output<string>;
  /** Queue from which Karpenter learns that a node will go. */
  readonly interruptionQueueName: pulumi.Output<string>;
  /** Names of the NodePools in Kubernetes, by pool. */
  readonly nodePoolNames: pulumi.Output<Record<string, string>>;
  /** Image of the bootstrap container, by digest; empty where no pool needs one. */
  readonly bootImage: pulumi.Output<string>;
  /** Per StorageClass what a pod needs to get one of its volumes. */
  readonly placements: pulumi.Output<Record<string, Placement>>;

  constructor(name: string, args: FastDisksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:FastDisks", name, args, opts);
    const checked = checkAll(this, name, args);
    const { tags } = checked;
    const classNames = Object.keys(storageClassesOf(checked));
    const options = childOptions(this, opts);
    // Karpenter can end nodes only while all of this lives.
    const lasting = pulumi.mergeOptions(options, { protect: checked.cluster.deletionProtection === true || undefined });

    // Whatever carries the name waits until it is known to be the first one.
    const clusterName = fixed(this, `${name}-name`, "cluster.name", checked.cluster.name, options);
    const network = new Network(`${name}-network`, { ...checked.network, clusterName, tags }, options);
    const bootImage = createBootImage(name, checked, options);
    const { vpcId, subnetIds, routedSubnetIds } = network;
    const cluster = new Cluster(
      `${name}-cluster`,
      { ...checked.cluster, name: clusterName, vpcId, subnetIds, tags },
      options,
    );
    const queue = new InterruptionQueue(
      `${name}-interruption`,
      { onMaintenance: checked.karpenter.onMaintenance, tags },
      options,
    );
    const identity = createIdentity(name, checked, clusterName, cluster, queue, lasting);
    const dns = createNodes(name, checked, cluster, network, lasting);
    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      // Another cluster of the same name is another one: an `up` that would replace it stops before it deletes anything.
      { kubeconfig: cluster.kubeconfigJson, clusterIdentifier: cluster.endpoint },
      // Whatever is in the cluster comes after its nodes and the access of who runs `up`, and goes before them.
      pulumi.mergeOptions(options, { dependsOn: [dns, cluster] }),
    );
    const inCluster = pulumi.mergeOptions(options, { providers: [provider] });
    const karpenter = new Karpenter(
      `${name}-karpenter`,
      { version: checked.karpenter.version, clusterName: identity.clusterName, interruptionQueue: queue.queueName },
      pulumi.mergeOptions(inCluster, { protect: lasting.protect }),
    );
    const controller = new DiskController(
      `${name}-disk-controller`,
      { ...checked.diskController, storageClasses: classNames, tags },
      inCluster,
    );
    const pools = Object.keys(checked.pools).map((pool) => {
      const created = createPool(name, pool, checked, {
        bootImage: bootImage?.reference,
        nodeRoleName: identity.nodeRoleName,
        subnetIds: routedSubnetIds,
        securityGroupId: cluster.securityGroupId,
        options: pulumi.mergeOptions(inCluster, { dependsOn: [karpenter, controller], protect: lasting.protect }),
      });
      return [pool, created.nodePoolName] as const;
    });
    new LocalVolumes(`${name}-volumes`, { storageClasses: storageClassesOf(checked) }, inCluster);
    new NodeCleanup(`${name}-cleanup`, { ...checked.nodeCleanup, storageClasses: classNames }, inCluster);

    this.clusterName = cluster.clusterName;
    this.kubeconfigJson = cluster.kubeconfigJson;
    this.clusterSecurityGroupId = cluster.securityGroupId;
    this.vpcId = vpcId;
    this.subnetIds = subnetIds;
    this.nodeRoleName = identity.nodeRoleName;
    this.interruptionQueueName = queue.queueName;
    this.nodePoolNames = pulumi.output(Object.fromEntries(pools));
    this.bootImage = bootImage?.reference ?? pulumi.output("");
    this.placements = pulumi.output(
      Object.fromEntries(classNames.map((className) => [className, renderPlacement(className)])),
    );
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfigJson: this.kubeconfigJson,
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      vpcId: this.vpcId,
      subnetIds: this.subnetIds,
      nodeRoleName: this.nodeRoleName,
      interruptionQueueName: this.interruptionQueueName,
      nodePoolNames: this.nodePoolNames,
      bootImage: this.bootImage,
      placements: this.placements,
    });
  }
}

function checkAll(chain: FastDisks, name: string, args: FastDisksArgs): FastDisksArgs {
  const checked = checkArgs(chain, args, (spec) => [...validateName(name), ...validateFastDisksArgs(spec)]);
  const report = pulumi.runtime.isDryRun()
    ? (errors: string[]) => {
        for (const error of errors) void pulumi.log.warn(error, chain);
      }
    : (errors: string[]) => {
        throwErrors(chain, errors);
      };
  return checkArgs(chain, checked, (spec) => {
    report(validateFastDisksArgsForUp(spec));
    return [];
  });
}

function createBootImage(
  name: string,
  args: FastDisksArgs,
  options: pulumi.ComponentResourceOptions,
): BootImage | undefined {
  const needed = Object.values(args.pools).some((pool) => discoveryOf(pool) === Discovery.bootstrap);
  return needed ? new BootImage(`${name}-boot-image`, { ...args.bootImage, tags: args.tags }, options) : undefined;
}

function createIdentity(
  name: string,
  args: FastDisksArgs,
  clusterName: pulumi.Output<string>,
  cluster: Cluster,
  queue: InterruptionQueue,
  options: pulumi.ComponentResourceOptions,
): KarpenterIdentity {
  return new KarpenterIdentity(
    `${name}-karpenter-identity`,
    {
      clusterName,
      createdClusterName: cluster.clusterName,
      queueArn: queue.queueArn,
      instanceProfiles: Object.values(args.pools).flatMap(({ instanceProfile }) => instanceProfile ?? []),
      onMaintenance: args.karpenter.onMaintenance,
      tags: args.tags,
    },
    options,
  );
}

/** System nodes between the add-ons that nodes need and the one that needs nodes. */
function createNodes(
  name: string,
  args: FastDisksArgs,
  cluster: Cluster,
  network: Network,
  options: pulumi.ComponentResourceOptions,
): AddOns {
  // The control plane's subnets: others would replace the node group.
  const subnetIds = pulumi.all([cluster.subnetIds, network.routedSubnetIds]).apply(([ids]) => ids);
  const { kubernetesVersion } = args.cluster;
  const versionOf = (key: keyof AddOnVersionsSpec) =>
    pulumi.output(args.cluster.addOns).apply((addOns) => addOns?.[key] ?? mostRecent);
  const { tags } = args;
  const nodeAddOns = new AddOns(
    `${name}-add-ons`,
    {
      clusterName: cluster.clusterName,
      kubernetesVersion,
      versions: {
        "vpc-cni": versionOf("vpcCni"),
        "kube-proxy": versionOf("kubeProxy"),
        "eks-pod-identity-agent": versionOf("podIdentityAgent"),
      },
      tags,
    },
    options,
  );
  const nodes = new SystemNodes(
    `${name}-system`,
    {
      ...args.systemNodes,
      clusterName: nodeAddOns.clusterName,
      subnetIds,
      kubernetesVersion,
      bottlerocketVersion: args.bottlerocket.version,
      clusterSettings: args.bottlerocket.settings,
      tags,
    },
    options,
  );
  return new AddOns(
    `${name}-dns`,
    { clusterName: nodes.clusterName, kubernetesVersion, versions: { coredns: versionOf("coredns") }, tags },
    options,
  );
}

interface PoolParts {
  bootImage: pulumi.Output<string> | undefined;
  nodeRoleName: pulumi.Output<string>;
  subnetIds: pulumi.Output<string[]>;
  securityGroupId: pulumi.Output<string>;
  options: pulumi.ComponentResourceOptions;
}

function createPool(name: string, pool: string, args: FastDisksArgs, parts: PoolParts): NodePool {
  const poolArgs = args.pools[pool] ?? {};
  return new NodePool(
    `${name}-${pool}`,
    {
      ...poolArgs,
      bootImage: parts.bootImage,
      bottlerocketVersion: args.bottlerocket.version,
      clusterSettings: args.bottlerocket.settings,
      role: poolArgs.instanceProfile === undefined ? parts.nodeRoleName : undefined,
      // By id: terms by tags find subnets and groups of every VPC in the account.
      subnetSelectorTerms: parts.subnetIds.apply((ids) => ids.map((id) => ({ id }))),
      securityGroupSelectorTerms: [{ id: parts.securityGroupId }],
      tags: args.tags,
    },
    parts.options,
  );
}
