import * as pulumi from "@pulumi/pulumi";
import { DiskNodeGroup } from "./disk-node-group";
import { findNodeRole } from "./existing-karpenter";
import type { Foundation } from "./foundation";
import { InterruptionQueue } from "./interruption-queue";
import { Karpenter } from "./karpenter";
import { KarpenterIdentity } from "./karpenter-identity";
import { existingKarpenterWarnings } from "./manifests/existing-karpenter";
import type { FastDisksArgs } from "./manifests/fast-disks";
import type { PoolArgs } from "./manifests/pool";
import { NodePool } from "./node-pool";

/** Parts that nodes with fast disks need. */
export interface DiskNodesParts {
  foundation: Foundation;
  /** Image of the bootstrap container; undefined if no node needs one. */
  bootImage: pulumi.Output<string> | undefined;
  /** Must run until the last node is gone. */
  controller: pulumi.Resource;
  options: pulumi.ComponentResourceOptions;
  /** Options of objects in the cluster. */
  inCluster: pulumi.ComponentResourceOptions;
  /** Options of resources that nodes need until they are gone. */
  lasting: pulumi.ComponentResourceOptions;
}

/** Pools and the Karpenter that runs their nodes. */
export interface Pools {
  /** Empty without pools. */
  nodeRoleName: pulumi.Output<string>;
  /** Empty without pools, and with an existing Karpenter. */
  queueName: pulumi.Output<string>;
  nodePoolNames: Record<string, pulumi.Output<string>>;
}

/** Creates the pools, and Karpenter unless it exists; nothing without pools. */
export function createPools(
  chain: pulumi.ComponentResource,
  name: string,
  args: FastDisksArgs,
  parts: DiskNodesParts,
): Pools {
  const pools = args.pools ?? {};
  const none = pulumi.output("");
  if (Object.keys(pools).length === 0) return { nodeRoleName: none, queueName: none, nodePoolNames: {} };
  const identity = createIdentity(chain, name, args, parts);
  const inCluster = pulumi.mergeOptions(parts.inCluster, { protect: parts.lasting.protect });
  const karpenter = createKarpenter(name, args, identity, inCluster);
  const options = pulumi.mergeOptions(inCluster, { dependsOn: [...karpenter, parts.controller] });
  const nodePoolNames = Object.fromEntries(
    Object.entries(pools).map(([pool, poolArgs]) => {
      const created = createPool(`${name}-${pool}`, args, poolArgs, identity, parts, options);
      return [pool, created.nodePoolName];
    }),
  );
  return { nodeRoleName: identity.nodeRoleName, queueName: identity.queueName, nodePoolNames };
}

/** Creates the managed node groups with fast disks, and returns their names in EKS. */
export function createNodeGroups(
  name: string,
  args: FastDisksArgs,
  { foundation, bootImage, controller, lasting }: DiskNodesParts,
): Record<string, pulumi.Output<string>> {
  const options = pulumi.mergeOptions(lasting, { dependsOn: [...foundation.needs, controller] });
  return Object.fromEntries(
    Object.entries(args.nodeGroups ?? {}).map(([group, groupArgs]) => {
      const created = new DiskNodeGroup(
        `${name}-nodes-${group}`,
        {
          ...groupArgs,
          capacity: args.capacity,
          bootImage,
          clusterName: foundation.createdClusterName,
          subnetIds: foundation.groupSubnetIds,
          kubernetesVersion: foundation.kubernetesVersion,
          bottlerocketVersion: args.bottlerocket.version,
          clusterSettings: args.bottlerocket.settings,
          tags: args.tags,
        },
        options,
      );
      return [group, created.nodeGroupName];
    }),
  );
}

/** Karpenter's cluster, node role and queue. */
interface Identity {
  /** The cluster's name, known once Karpenter may act and its nodes may join. */
  clusterName: pulumi.Output<string>;
  nodeRoleName: pulumi.Output<string>;
  queueName: pulumi.Output<string>;
}

function createIdentity(
  chain: pulumi.ComponentResource,
  name: string,
  args: FastDisksArgs,
  { foundation, options, lasting }: DiskNodesParts,
): Identity {
  const { clusterName, createdClusterName } = foundation;
  if (args.existingKarpenter) {
    for (const warning of existingKarpenterWarnings(args.capacity)) void pulumi.log.warn(warning, chain);
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
      instanceProfiles: Object.values(args.pools ?? {}).flatMap(({ instanceProfile }) => instanceProfile ?? []),
      onMaintenance,
      tags: args.tags,
    },
    lasting,
  );
  return { clusterName: identity.clusterName, nodeRoleName: identity.nodeRoleName, queueName: queue.queueName };
}

function createKarpenter(
  name: string,
  { karpenter, capacity }: FastDisksArgs,
  { clusterName, queueName }: Identity,
  options: pulumi.ComponentResourceOptions,
): Karpenter[] {
  if (!karpenter) return [];
  const args = { version: karpenter.version, clusterName, interruptionQueue: queueName, capacity };
  return [new Karpenter(`${name}-karpenter`, args, options)];
}

function createPool(
  name: string,
  args: FastDisksArgs,
  poolArgs: PoolArgs,
  { nodeRoleName }: Identity,
  { foundation, bootImage }: DiskNodesParts,
  options: pulumi.ComponentResourceOptions,
): NodePool {
  return new NodePool(
    name,
    {
      ...poolArgs,
      capacity: args.capacity,
      bootImage,
      bottlerocketVersion: args.bottlerocket.version,
      clusterSettings: args.bottlerocket.settings,
      role: poolArgs.instanceProfile === undefined ? nodeRoleName : undefined,
      // By id: terms with tags find subnets and groups of every VPC in the account.
      subnetSelectorTerms: foundation.routedSubnetIds.apply((ids) => ids.map((id) => ({ id }))),
      securityGroupSelectorTerms: [{ id: foundation.securityGroupId }],
      tags: args.tags,
    },
    options,
  );
}
