import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { validateExistingClusterArgs } from "./manifests/existing-cluster";
import type { ExistingClusterArgs } from "./manifests/existing-cluster";
import { renderKubeconfig } from "./manifests/kubeconfig";

/**
 * Looks up the values of an existing cluster that the other parts need. Creates and changes nothing.
 *
 *     const { kubeconfigJson } = new ExistingCluster("eks", { name: "prod" });
 */
export class ExistingCluster extends pulumi.ComponentResource {
  /** Physical name. */
  readonly clusterName: pulumi.Output<string>;
  /** Minor version. */
  readonly kubernetesVersion: pulumi.Output<string>;
  /** URL of the Kubernetes API. */
  readonly endpoint: pulumi.Output<string>;
  /** VPC of the control plane. */
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of the control plane that assign no public addresses. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** The security group that EKS creates and assigns to all nodes. */
  readonly securityGroupId: pulumi.Output<string>;
  /** `API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`. */
  readonly authenticationMode: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`; it holds no credentials. */
  readonly kubeconfigJson: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:ExistingCluster", name, args, opts);
    const checked = checkArgs(this, args, validateExistingClusterArgs);
    const found = aws.eks.getClusterOutput({ name: checked.name }, { parent: this });
    this.clusterName = found.name;
    this.kubernetesVersion = found.version;
    this.endpoint = found.endpoint;
    this.vpcId = found.vpcConfig.vpcId;
    this.subnetIds = aws.ec2
      .getSubnetsOutput(
        {
          filters: [
            { name: "subnet-id", values: found.vpcConfig.subnetIds },
            { name: "map-public-ip-on-launch", values: ["false"] },
          ],
        },
        { parent: this },
      )
      .ids.apply((ids) => [...ids].sort());
    this.securityGroupId = found.vpcConfig.clusterSecurityGroupId;
    this.authenticationMode = found.accessConfigs.apply(([config]) => config?.authenticationMode ?? "CONFIG_MAP");
    this.kubeconfigJson = pulumi
      .output({
        clusterName: this.clusterName,
        endpoint: this.endpoint,
        certificateAuthority: found.certificateAuthorities.apply(([authority]) => authority?.data ?? ""),
        region: aws.getRegionOutput({}, { parent: this }).region,
        awsProfile: checked.awsProfile,
      })
      .apply((spec) => JSON.stringify(renderKubeconfig(spec)));
    this.registerOutputs({
      clusterName: this.clusterName,
      kubernetesVersion: this.kubernetesVersion,
      endpoint: this.endpoint,
      vpcId: this.vpcId,
      subnetIds: this.subnetIds,
      securityGroupId: this.securityGroupId,
      authenticationMode: this.authenticationMode,
      kubeconfigJson: this.kubeconfigJson,
    });
  }
}
