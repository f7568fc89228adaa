// First: pulumi package add eks-fast-disks.
package main

import (
	disks "github.com/eks-fast-disks/eks-fast-disks/sdk/go/eks-fast-disks"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		single := disks.NatGateways("Single")
		chain, err := disks.NewFastDisks(ctx, "chain", &disks.FastDisksArgs{
			Network: &disks.VpcArgsArgs{
				NewVpc: &disks.NewVpcArgsArgs{NatGateways: &single},
			},
			Cluster: &disks.ControlPlaneArgsArgs{
				Name:              pulumi.String("dev"),
				KubernetesVersion: pulumi.String("1.35"),
				PublicAccessCidrs: pulumi.StringArray{pulumi.String("198.51.100.7/32")},
			},
			Bottlerocket: disks.BottlerocketArgsArgs{Version: pulumi.String("1.66.0")},
			Karpenter:    &disks.KarpenterSettingsArgsArgs{Version: pulumi.String("1.14.0")},
			Pools: map[string]disks.PoolArgsArgs{
				"fast": {
					InstanceTypes: pulumi.ToStringArray([]string{"c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"}),
					DataVolumeGiB: pulumi.Float64(40),
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("placements", chain.Placements)
		return nil
	})
}
