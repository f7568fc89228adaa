// First: pulumi package add eks-fast-disks.
import com.pulumi.Pulumi;
import com.pulumi.eksfastdisks.FastDisks;
import com.pulumi.eksfastdisks.FastDisksArgs;
import com.pulumi.eksfastdisks.enums.NatGateways;
import com.pulumi.eksfastdisks.inputs.BottlerocketArgsArgs;
import com.pulumi.eksfastdisks.inputs.ControlPlaneArgsArgs;
import com.pulumi.eksfastdisks.inputs.KarpenterSettingsArgsArgs;
import com.pulumi.eksfastdisks.inputs.NewVpcArgsArgs;
import com.pulumi.eksfastdisks.inputs.PoolArgsArgs;
import com.pulumi.eksfastdisks.inputs.VpcArgsArgs;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(context -> {
            var chain = new FastDisks("chain", FastDisksArgs.builder()
                .network(VpcArgsArgs.builder()
                    .newVpc(NewVpcArgsArgs.builder().natGateways(NatGateways.Single).build())
                    .build())
                .cluster(ControlPlaneArgsArgs.builder()
                    .name("dev")
                    .kubernetesVersion("1.35")
                    .publicAccessCidrs("198.51.100.7/32")
                    .build())
                .bottlerocket(BottlerocketArgsArgs.builder().version("1.66.0").build())
                .karpenter(KarpenterSettingsArgsArgs.builder().version("1.14.0").build())
                .pools(Map.of("fast", PoolArgsArgs.builder()
                    .instanceTypes("c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge")
                    .dataVolumeGiB(40.0)
                    .build()))
                .build());
            context.export("placements", chain.placements());
        });
    }
}
