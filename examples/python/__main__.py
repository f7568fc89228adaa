# First: pulumi package add eks-fast-disks.
import pulumi
import pulumi_eks_fast_disks as disks

chain = disks.FastDisks(
    "chain",
    network={"new_vpc": {"nat_gateways": "Single"}},
    cluster={
        "name": "dev",
        "kubernetes_version": "1.35",
        "public_access_cidrs": ["198.51.100.7/32"],
    },
    bottlerocket={"version": "1.66.0"},
    karpenter={"version": "1.14.0"},
    pools={
        "fast": {
            "instance_types": ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"],
            "data_volume_gi_b": 40,
        },
    },
)
pulumi.export("placements", chain.placements)
