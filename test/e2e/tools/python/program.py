"""Makes the chain, and every part of it by itself, with Outputs of other resources as arguments."""

import asyncio
import json
import sys

import pulumi
from pulumi.runtime import Settings, configure
from pulumi.runtime.stack import run_in_stack

address, dry_run = sys.argv[1], sys.argv[2] == "preview"


class Component(pulumi.ComponentResource):
    """A class of the package, as a generated SDK makes it."""

    def __init__(self, kind, name, args, outputs=()):
        props = {**dict.fromkeys(outputs), **args}
        super().__init__(f"eks-fast-disks:index:{kind}", name, props, remote=True)


class Other(pulumi.CustomResource):
    """A resource of somebody else, whose id is what its name says and is not known in a preview."""

    def __init__(self, id):
        super().__init__("other:index:Thing", id, {})


def program():
    gate = Other("gate")

    def known(value):
        """The value as an Output that depends on another resource."""
        return gate.id.apply(lambda _: value)

    vpc, first, second = [Other(id) for id in ("vpc-01234567", "subnet-01234567", "subnet-89abcdef")]
    subnets = [first.id, second.id]
    boot_image = known(f"registry.example/boot@sha256:{'0' * 64}")
    chain = Component(
        "FastDisks",
        "chain",
        {
            "network": {"existingVpc": {"vpcId": vpc.id, "subnetIds": subnets}},
            "cluster": {"name": known("python"), "kubernetesVersion": known("1.35"), "privateOnly": True},
            "bottlerocket": {"version": known("1.66.0")},
            "karpenter": {"version": known("1.14.0")},
            "pools": {"fast": {"instanceTypes": [known("c8gd.xlarge"), "m8gd.xlarge"], "dataVolumeGiB": 40}},
            "nodeGroups": {"base": {"instanceTypes": [known("c8gd.xlarge")]}},
            "tags": {"team": known("data")},
            "monitoring": True,
        },
        ["placements", "vpcId"],
    )

    network = Component(
        "Network",
        "network",
        {"clusterName": known("other"), "newVpc": {"cidrBlock": known("10.1.0.0/16")}},
        ["vpcId", "subnetIds", "routedSubnetIds"],
    )
    cluster = Component(
        "Cluster",
        "cluster",
        {
            "name": known("other"),
            "kubernetesVersion": known("1.35"),
            "privateOnly": True,
            "vpcId": network.vpcId,
            "subnetIds": network.subnetIds,
        },
        ["clusterName", "securityGroupId"],
    )
    Component("ExistingCluster", "existing", {"name": cluster.clusterName}, ["kubernetesVersion"])
    add_ons = Component(
        "AddOns",
        "add-ons",
        {
            "clusterName": cluster.clusterName,
            "kubernetesVersion": known("1.35"),
            "versions": {"vpc-cni": known("most-recent"), "kube-proxy": known("v1.0.0-eksbuild.1")},
        },
        ["clusterName"],
    )
    nodes = {
        "clusterName": add_ons.clusterName,
        "subnetIds": network.routedSubnetIds,
        "kubernetesVersion": known("1.35"),
        "bottlerocketVersion": known("1.66.0"),
    }
    Component("SystemNodes", "system", {**nodes, "instanceTypes": [known("m7g.large")]})
    Component("DiskNodeGroup", "group", {**nodes, "instanceTypes": [known("c8gd.xlarge")], "bootImage": boot_image})

    image = Component("BootImage", "image", {"reference": boot_image}, ["reference"])
    queue = Component("InterruptionQueue", "queue", {"tags": known({"team": "data"})}, ["queueName", "queueArn"])
    identity = Component(
        "KarpenterIdentity",
        "identity",
        {"clusterName": cluster.clusterName, "queueArn": queue.queueArn},
        ["nodeRoleName"],
    )
    Component(
        "Karpenter",
        "karpenter",
        {"clusterName": cluster.clusterName, "interruptionQueue": queue.queueName, "version": known("1.14.0")},
    )
    pool = Component(
        "NodePool",
        "pool",
        {
            "instanceTypes": [known("c8gd.xlarge")],
            "bootImage": image.reference,
            "bottlerocketVersion": known("1.66.0"),
            "role": identity.nodeRoleName,
            "subnetSelectorTerms": [{"id": id} for id in subnets],
            "securityGroupSelectorTerms": [{"id": cluster.securityGroupId}],
        },
        ["nodePoolName"],
    )
    classes = {"fast": {"reclaimPolicy": known("Retain")}}
    volumes = Component("LocalVolumes", "volumes", {"storageClasses": classes}, ["namespace"])
    cleanup = Component(
        "NodeCleanup", "cleanup", {"storageClasses": [known("fast")], "claimDeletionDelay": known("1m")}, ["namespace"]
    )
    controller = Component(
        "DiskController",
        "controller",
        {"storageClasses": [known("fast")], "reference": boot_image},
        ["namespace"],
    )
    Component(
        "Monitoring",
        "monitoring",
        {
            "storageClasses": classes,
            "nodePools": [pool.nodePoolName],
            "localVolumesNamespace": volumes.namespace,
            "nodeCleanupNamespace": cleanup.namespace,
            "diskControllerNamespace": controller.namespace,
        },
    )

    pulumi.Output.all(chain.placements, chain.vpcId).apply(
        lambda values: print(json.dumps({"placements": values[0], "vpcId": values[1]}))
    )


configure(Settings(project="eks-fast-disks", stack="test", monitor=address, engine=address, dry_run=dry_run, parallel=16))
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(run_in_stack(program))
