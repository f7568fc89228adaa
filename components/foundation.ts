import * as pulumi from "@pulumi/pulumi";
import { AddOns } from "./add-ons";
import { throwErrors } from "./check";
import { Cluster } from "./cluster";
import { ExistingCluster } from "./existing-cluster";
import { fixed } from "./fixed";
import { mostRecent } from "./manifests/add-ons";
import type { AddOnVersionsSpec } from "./manifests/add-ons";
import type { ControlPlaneArgs } from "./manifests/cluster";
import { validateFoundCluster } from "./manifests/existing-cluster";
import type { ExistingClusterArgs } from "./manifests/existing-cluster";
import type { FastDisksArgs } from "./manifests/fast-disks";
import type { VpcArgs } from "./manifests/network";
import { Network } from "./network";
import { SystemNodes } from "./system-nodes";

/** What the other parts of the chain need: a cluster, its network, and nodes on which controllers run. */
export interface Foundation {
  /** Known after the check that the name has not changed. */
  clusterName: pulumi.Output<string>;
  /** Known once the cluster exists. */
  createdClusterName: pulumi.Output<string>;
  endpoint: pulumi.Output<string>;
  authenticationMode: pulumi.Output<string>;
  kubeconfigJson: pulumi.Output<string>;
  securityGroupId: pulumi.Output<string>;
  vpcId: pulumi.Output<string>;
  subnetIds: pulumi.Output<string[]>;
  /** The same, known once they have their routes. */
  routedSubnetIds: pulumi.Output<string[]>;
  /** Subnets of managed node groups, known once they have their routes. */
  groupSubnetIds: pulumi.Output<string[]>;
  /** Minor version that the stack sets; undefined for an existing cluster. */
  kubernetesVersion?: pulumi.Input<string>;
  /** Resources that must exist before and after everything else in the cluster. */
  needs: pulumi.Resource[];
}

/** Creates a cluster, or looks one up. `lasting`: options of resources that nodes need until they are gone. */
export function createFoundation(
  chain: pulumi.ComponentResource,
  name: string,
  args: FastDisksArgs,
  options: pulumi.CustomResourceOptions,
  lasting: pulumi.CustomResourceOptions,
): Foundation {
  const { cluster, network = {}, existingCluster } = args;
  return cluster
    ? createCluster(chain, name, { ...args, cluster, network }, options, lasting)
    : findCluster(chain, name, { ...args, existingCluster: existingCluster ?? { name: "" } }, options);
}

function createCluster(
  chain: pulumi.ComponentResource,
  name: string,
  args: FastDisksArgs & { cluster: ControlPlaneArgs; network: VpcArgs },
  options: pulumi.CustomResourceOptions,
  lasting: pulumi.CustomResourceOptions,
): Foundation {
  const { tags } = args;
  // Every resource with the cluster's name waits for the check that the name has not changed.
  const clusterName = fixed(chain, `${name}-name`, "cluster.name", args.cluster.name, options);
  const network = new Network(`${name}-network`, { ...args.network, clusterName, tags }, options);
  const { vpcId, subnetIds, routedSubnetIds } = network;
  const cluster = new Cluster(
    `${name}-cluster`,
    { ...args.cluster, name: clusterName, vpcId, subnetIds, tags },
    options,
  );
  // The control plane's subnets, since other subnets would replace the node groups.
  const groupSubnetIds = pulumi.all([cluster.subnetIds, routedSubnetIds]).apply(([ids]) => ids);
  const dns = createNodes(name, args, cluster, groupSubnetIds, lasting);
  return {
    clusterName,
    createdClusterName: cluster.clusterName,
    endpoint: cluster.endpoint,
    authenticationMode: pulumi.output("API"),
    kubeconfigJson: cluster.kubeconfigJson,
    securityGroupId: cluster.securityGroupId,
    vpcId,
    subnetIds,
    routedSubnetIds,
    groupSubnetIds,
    kubernetesVersion: args.cluster.kubernetesVersion,
    // The system nodes, and the access of the user who runs `up`.
    needs: [dns, cluster],
  };
}

/** Creates the add-ons that nodes need, then the system nodes, then the add-on that needs nodes. */
function createNodes(
  name: string,
  args: FastDisksArgs & { cluster: ControlPlaneArgs },
  cluster: Cluster,
  subnetIds: pulumi.Output<string[]>,
  options: pulumi.CustomResourceOptions,
): AddOns {
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

/** Looks up an existing cluster. Creates neither nodes nor add-ons, and uses the cluster's subnets unless others are set. */
function findCluster(
  chain: pulumi.ComponentResource,
  name: string,
  args: FastDisksArgs & { existingCluster: ExistingClusterArgs },
  options: pulumi.CustomResourceOptions,
): Foundation {
  const { existingCluster, network } = args;
  const stated = fixed(chain, `${name}-name`, "existingCluster.name", existingCluster.name, options);
  const found = new ExistingCluster(
    `${name}-cluster`,
    { name: stated, awsProfile: existingCluster.awsProfile },
    options,
  );
  const clusterName = checkCluster(chain, args, found);
  const own = network && new Network(`${name}-network`, { ...network, clusterName, tags: args.tags }, options);
  const subnetIds = own?.subnetIds ?? found.subnetIds;
  const routedSubnetIds = own?.routedSubnetIds ?? subnetIds;
  return {
    clusterName,
    createdClusterName: clusterName,
    endpoint: found.endpoint,
    authenticationMode: found.authenticationMode,
    kubeconfigJson: found.kubeconfigJson,
    securityGroupId: found.securityGroupId,
    vpcId: found.vpcId,
    subnetIds,
    routedSubnetIds,
    groupSubnetIds: routedSubnetIds,
    needs: [],
  };
}

/** The cluster's name, known after the check that all settings fit the cluster. */
function checkCluster(
  chain: pulumi.ComponentResource,
  { bottlerocket, karpenter, network }: FastDisksArgs,
  found: ExistingCluster,
): pulumi.Output<string> {
  const { kubernetesVersion, vpcId, subnetIds, authenticationMode } = found;
  return pulumi
    .output({
      name: found.clusterName,
      found: { kubernetesVersion, vpcId, subnetIds, authenticationMode },
      beside: { bottlerocket: bottlerocket.version, karpenter: karpenter?.version, vpcId: network?.existingVpc?.vpcId },
    })
    .apply((spec) => {
      throwErrors(chain, validateFoundCluster(spec.found, spec.beside));
      return spec.name;
    });
}
