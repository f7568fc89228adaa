import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BootImage } from "./boot-image";
import { checkArgs, throwErrors } from "./check";
import { childOptions } from "./child-options";
import { DiskController } from "./disk-controller";
import { findNodeRole } from "./existing-karpenter";
import { createFoundation } from "./foundation";
import type { Foundation } from "./foundation";
import { InterruptionQueue } from "./interruption-queue";
import { Karpenter } from "./karpenter";
import { KarpenterIdentity } from "./karpenter-identity";
import { LocalVolumes } from "./local-volumes";
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
import { Monitoring } from "./monitoring";
import { names } from "./names";
import { NodeCleanup } from "./node-cleanup";
import { NodePool } from "./node-pool";

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
  /** Queue from which Karpenter learns that a node will go; empty where Karpenter is somebody else's. */
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
    const classNames = Object.keys(storageClassesOf(checked));
    const options = childOptions(this, opts);
    // Nodes can end only while all of this lives.
    const { deletionProtection } = checked.cluster ?? checked.existingCluster ?? {};
    const lasting = pulumi.mergeOptions(options, { protect: deletionProtection === true || undefined });

    const bootImage = createBootImage(name, checked, options);
    const foundation = createFoundation(this, name, checked, options, lasting);
    const identity = createIdentity(this, name, checked, foundation, options, lasting);
    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      // Another cluster of the same name is another one: an `up` that would replace it stops before it deletes anything.
      { kubeconfig: foundation.kubeconfigJson, clusterIdentifier: foundation.endpoint },
      pulumi.mergeOptions(options, { dependsOn: foundation.needs }),
    );
    const inCluster = pulumi.mergeOptions(options, { providers: [provider] });
    const karpenter = createKarpenter(
      name,
      checked,
      identity,
      pulumi.mergeOptions(inCluster, { protect: lasting.protect }),
    );
    const controller = new DiskController(
      `${name}-disk-controller`,
      { ...checked.diskController, storageClasses: classNames, tags: checked.tags },
      inCluster,
    );
    const pools = Object.keys(checked.pools).map((pool) => {
      const created = createPool(name, pool, checked, {
        bootImage: bootImage?.reference,
        nodeRoleName: identity.nodeRoleName,
        subnetIds: foundation.routedSubnetIds,
        securityGroupId: foundation.securityGroupId,
        options: pulumi.mergeOptions(inCluster, { dependsOn: [...karpenter, controller], protect: lasting.protect }),
      });
      return [pool, created.nodePoolName] as const;
    });
    const volumes = new LocalVolumes(`${name}-volumes`, { storageClasses: storageClassesOf(checked) }, inCluster);
    const cleanup = new NodeCleanup(
      `${name}-cleanup`,
      { ...checked.nodeCleanup, storageClasses: classNames },
      inCluster,
    );
    const nodePools = pools.map(([, nodePoolName]) => nodePoolName);
    createMonitoring(name, checked, { volumes, cleanup, controller, nodePools }, inCluster);

    this.clusterName = foundation.createdClusterName;
    this.kubeconfigJson = foundation.kubeconfigJson;
    this.clusterSecurityGroupId = foundation.securityGroupId;
    this.vpcId = foundation.vpcId;
    this.subnetIds = foundation.subnetIds;
    this.nodeRoleName = identity.nodeRoleName;
    this.interruptionQueueName = identity.queueName;
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

/** Who runs the pools' nodes. */
interface Identity {
  /** The cluster's name, known once Karpenter may act and its nodes may join. */
  clusterName: pulumi.Output<string>;
  nodeRoleName: pulumi.Output<string>;
  queueName: pulumi.Output<string>;
}

function createIdentity(
  chain: FastDisks,
  name: string,
  args: FastDisksArgs,
  foundation: Foundation,
  options: pulumi.ComponentResourceOptions,
  lasting: pulumi.ComponentResourceOptions,
): Identity {
  const { clusterName, createdClusterName } = foundation;
  if (args.existingKarpenter) {
    const nodeRoleName = findNodeRole(chain, args.existingKarpenter, foundation);
    return { clusterName, nodeRoleName, queueName: pulumi.output("") };
  }
  const onMaintenance = args.karpenter?.onMaintenance;
  const queue = new InterruptionQueue(`${name}-interruption`, { onMaintenance, tags: args.tags }, options);
  const identity = new KarpenterIdentity(
    `${name}-karpenter-identity`,
    {
      clusterName,
      createdClusterName,
      queueArn: queue.queueArn,
      instanceProfiles: Object.values(args.pools).flatMap(({ instanceProfile }) => instanceProfile ?? []),
      onMaintenance,
      tags: args.tags,
    },
    lasting,
  );
  return { clusterName: identity.clusterName, nodeRoleName: identity.nodeRoleName, queueName: queue.queueName };
}

function createKarpenter(
  name: string,
  { karpenter }: FastDisksArgs,
  { clusterName, queueName }: Identity,
  options: pulumi.ComponentResourceOptions,
): Karpenter[] {
  if (!karpenter) return [];
  const args = { version: karpenter.version, clusterName, interruptionQueue: queueName };
  return [new Karpenter(`${name}-karpenter`, args, options)];
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

interface WatchedParts {
  volumes: LocalVolumes;
  cleanup: NodeCleanup;
  controller: DiskController;
  nodePools: pulumi.Output<string>[];
}

function createMonitoring(
  name: string,
  args: FastDisksArgs,
  { volumes, cleanup, controller, nodePools }: WatchedParts,
  options: pulumi.ComponentResourceOptions,
): void {
  if (args.monitoring !== true) return;
  new Monitoring(
    `${name}-monitoring`,
    {
      ...args.prometheus,
      storageClasses: storageClassesOf(args),
      nodePools,
      localVolumesNamespace: volumes.namespace,
      nodeCleanupNamespace: cleanup.namespace,
      diskControllerNamespace: controller.namespace,
      // Who runs the other one has it read already.
      karpenterNamespace: args.karpenter && names.karpenterNamespace,
    },
    options,
  );
}
