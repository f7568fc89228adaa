import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BootImage } from "./boot-image";
import { checkArgs, throwErrors } from "./check";
import { childOptions } from "./child-options";
import { DiskController } from "./disk-controller";
import { createNodeGroups, createPools } from "./disk-nodes";
import { createFoundation } from "./foundation";
import { LocalVolumes } from "./local-volumes";
import { Discovery } from "./manifests/discovery";
import { discoveryOf } from "./manifests/disk-nodes";
import {
  storageClassesOf,
  validateFastDisksArgs,
  validateFastDisksArgsForUp,
  validateName,
} from "./manifests/fast-disks";
import type { FastDisksArgs } from "./manifests/fast-disks";
import { renderPlacement } from "./manifests/placement";
import type { Placement } from "./manifests/placement";
import { Monitoring } from "./monitoring";
import { names } from "./names";
import { NodeCleanup } from "./node-cleanup";

/**
 * The whole chain, from the VPC to volumes that appear automatically, with every dependency between its parts.
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
  /** The security group that EKS assigns to all nodes. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Private subnets of the nodes. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** IAM role of the pools' nodes; empty without pools. */
  readonly nodeRoleName: pulumi.Output<string>;
  /** Queue from which Karpenter learns that a node will end; empty without pools, and with an existing Karpenter. */
  readonly interruptionQueueName: pulumi.Output<string>;
  /** Names of the NodePools in Kubernetes, by pool. */
  readonly nodePoolNames: pulumi.Output<Record<string, string>>;
  /** Names of the managed node groups in EKS, by group. */
  readonly nodeGroupNames: pulumi.Output<Record<string, string>>;
  /** Image of the bootstrap container, by digest; empty if no node needs one. */
  readonly bootImage: pulumi.Output<string>;
  /** What a pod needs to get a volume, by StorageClass. */
  readonly placements: pulumi.Output<Record<string, Placement>>;

  constructor(name: string, args: FastDisksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:FastDisks", name, args, opts);
    const checked = checkAll(this, name, args);
    const classNames = Object.keys(storageClassesOf(checked));
    const options = childOptions(this, opts);
    // Nodes can end only while all resources with these options exist.
    const { deletionProtection } = checked.cluster ?? checked.existingCluster ?? {};
    const lasting = pulumi.mergeOptions(options, { protect: deletionProtection === true || undefined });

    const bootImage = createBootImage(name, checked, options);
    const foundation = createFoundation(this, name, checked, options, lasting);
    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      // A new cluster with the same name counts as another one: an `up` that would replace it stops before any deletion.
      { kubeconfig: foundation.kubeconfigJson, clusterIdentifier: foundation.endpoint },
      pulumi.mergeOptions(options, { dependsOn: foundation.needs }),
    );
    const inCluster = pulumi.mergeOptions(options, { providers: [provider] });
    const controller = new DiskController(
      `${name}-disk-controller`,
      { ...checked.diskController, storageClasses: classNames, capacity: checked.capacity, tags: checked.tags },
      inCluster,
    );
    const parts = { foundation, bootImage: bootImage?.reference, controller, inCluster, options, lasting };
    const pools = createPools(this, name, checked, parts);
    const nodeGroupNames = createNodeGroups(name, checked, parts);
    const volumes = new LocalVolumes(`${name}-volumes`, { storageClasses: storageClassesOf(checked) }, inCluster);
    const cleanup = new NodeCleanup(
      `${name}-cleanup`,
      { ...checked.nodeCleanup, storageClasses: classNames },
      inCluster,
    );
    const nodePools = Object.values(pools.nodePoolNames);
    createMonitoring(name, checked, { volumes, cleanup, controller, nodePools }, inCluster);

    this.clusterName = foundation.createdClusterName;
    this.kubeconfigJson = foundation.kubeconfigJson;
    this.clusterSecurityGroupId = foundation.securityGroupId;
    this.vpcId = foundation.vpcId;
    this.subnetIds = foundation.subnetIds;
    this.nodeRoleName = pools.nodeRoleName;
    this.interruptionQueueName = pools.queueName;
    this.nodePoolNames = pulumi.output(pools.nodePoolNames);
    this.nodeGroupNames = pulumi.output(nodeGroupNames);
    this.bootImage = bootImage?.reference ?? pulumi.output("");
    this.placements = pulumi.output(
      Object.fromEntries(classNames.map((className) => [className, renderPlacement(className, checked.capacity)])),
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
      nodeGroupNames: this.nodeGroupNames,
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

/** The bootstrap container's image, if any node needs it. */
function createBootImage(
  name: string,
  args: FastDisksArgs,
  options: pulumi.ComponentResourceOptions,
): BootImage | undefined {
  const nodes = [...Object.values(args.pools ?? {}), ...Object.values(args.nodeGroups ?? {})];
  if (nodes.every((one) => discoveryOf(one) !== Discovery.bootstrap)) return undefined;
  return new BootImage(`${name}-boot-image`, { ...args.bootImage, tags: args.tags }, options);
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
      // The owner of an existing Karpenter creates its monitor.
      karpenterNamespace: args.karpenter && names.karpenterNamespace,
    },
    options,
  );
}
