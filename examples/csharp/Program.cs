// First: pulumi package add eks-fast-disks.
using System.Collections.Generic;
using Pulumi;
using Pulumi.EksFastDisks;
using Pulumi.EksFastDisks.Inputs;

return await Deployment.RunAsync(() =>
{
    var chain = new FastDisks("chain", new FastDisksArgs
    {
        Network = new VpcArgsArgs
        {
            NewVpc = new NewVpcArgsArgs { NatGateways = NatGateways.Single },
        },
        Cluster = new ControlPlaneArgsArgs
        {
            Name = "dev",
            KubernetesVersion = "1.35",
            PublicAccessCidrs = { "198.51.100.7/32" },
        },
        Bottlerocket = new BottlerocketArgsArgs { Version = "1.66.0" },
        Karpenter = new KarpenterSettingsArgsArgs { Version = "1.14.0" },
        Pools = new Dictionary<string, PoolArgsArgs>
        {
            ["fast"] = new PoolArgsArgs
            {
                InstanceTypes = { "c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge" },
                DataVolumeGiB = 40,
            },
        },
    });
    return new Dictionary<string, object?> { ["placements"] = chain.Placements };
});
