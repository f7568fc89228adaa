import type { Aws } from "./aws";
import type { Kubernetes } from "./kubernetes";
import type { Values } from "./values";
import { asText } from "./values";

/** Name of the owner's cluster. */
export const ownersCluster = "prod";
/** Name of the role of the nodes that the owner's Karpenter starts. */
export const ownersNodeRole = "KarpenterNodeRole-prod";

/** What somebody else has in the account: a network, and a cluster in it with nodes and add-ons. */
export class Owner {
  private readonly subnetIds: string[];
  private readonly nodeRoleArn: string;
  private readonly endpoint: string;

  constructor(
    private readonly aws: Aws,
    private readonly kubernetes: Kubernetes,
  ) {
    this.subnetIds = this.makeNetwork();
    this.nodeRoleArn = this.makeRole(ownersNodeRole, "ec2.amazonaws.com");
    this.endpoint = this.makeCluster();
  }

  /** Karpenter in the cluster, with a pool of the owner's and its node. */
  installKarpenter(): void {
    const clusterName = ownersCluster;
    const roleArn = this.makeRole("KarpenterController-prod", "pods.eks.amazonaws.com");
    for (const name of ["NodeLifecycle", "IAMIntegration", "EKSIntegration", "Interruption", "ResourceDiscovery"]) {
      const { id } = this.make("aws:iam/policy:Policy", { name: `KarpenterController${name}-prod`, policy: "{}" });
      this.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        role: "KarpenterController-prod",
        policyArn: id,
      });
    }
    const association = { clusterName, namespace: "kube-system", serviceAccount: "karpenter", roleArn };
    this.make("aws:eks/podIdentityAssociation:PodIdentityAssociation", association);
    this.make("aws:eks/accessEntry:AccessEntry", { clusterName, principalArn: this.nodeRoleArn, type: "EC2_LINUX" });
    for (const name of ["karpenter-crd", "karpenter"])
      this.makeObject("kubernetes:helm.sh/v3:Release", { name, namespace: "kube-system", chart: name });
    this.makeObject("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", {
      metadata: { name: "default" },
      spec: { role: ownersNodeRole, subnetSelectorTerms: this.subnetIds.map((id) => ({ id })) },
    });
    this.makeObject("kubernetes:karpenter.sh/v1:NodePool", {
      metadata: { name: "default" },
      spec: { template: { spec: { nodeClassRef: { name: "default" } } } },
    });
  }

  /** Gives the private subnets. */
  private makeNetwork(): string[] {
    const vpcId = this.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.20.0.0/16" }).id;
    const gatewayId = this.make("aws:ec2/internetGateway:InternetGateway", { vpcId }).id;
    const subnet = (zone: string, cidrBlock: string, mapPublicIpOnLaunch: boolean) =>
      this.make("aws:ec2/subnet:Subnet", {
        vpcId,
        cidrBlock,
        availabilityZone: `us-east-1${zone}`,
        mapPublicIpOnLaunch,
      }).id;
    const routed = (subnetId: string, way: Values) => {
      const routes = [{ cidrBlock: "0.0.0.0/0", ...way }];
      const routeTableId = this.make("aws:ec2/routeTable:RouteTable", { vpcId, routes }).id;
      this.make("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId, routeTableId });
      return subnetId;
    };
    const publicId = routed(subnet("a", "10.20.0.0/24", true), { gatewayId });
    const allocationId = this.make("aws:ec2/eip:Eip", { domain: "vpc" }).id;
    const natGatewayId = this.make("aws:ec2/natGateway:NatGateway", { subnetId: publicId, allocationId }).id;
    return ["a", "b"].map((zone, index) => routed(subnet(zone, `10.20.${index + 1}.0/24`, false), { natGatewayId }));
  }

  /** Gives its endpoint. */
  private makeCluster(): string {
    const { subnetIds, nodeRoleArn } = this;
    const clusterName = ownersCluster;
    const { endpoint } = this.make("aws:eks/cluster:Cluster", {
      name: clusterName,
      version: "1.35",
      roleArn: this.makeRole("eks-prod", "eks.amazonaws.com"),
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
      vpcConfig: { subnetIds },
    }).outputs;
    const addOn = (addonName: string) => this.make("aws:eks/addon:Addon", { clusterName, addonName });
    for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) addOn(name);
    const scalingConfig = { minSize: 2, maxSize: 2, desiredSize: 2 };
    const nodeGroup = { clusterName, nodeGroupName: "general", subnetIds, nodeRoleArn, scalingConfig };
    this.make("aws:eks/nodeGroup:NodeGroup", nodeGroup);
    addOn("coredns");
    return asText(endpoint);
  }

  /** Gives its ARN. */
  private makeRole(name: string, service: string): string {
    const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }];
    const { outputs } = this.make("aws:iam/role:Role", { name, assumeRolePolicy: JSON.stringify({ Statement }) });
    return asText(outputs.arn);
  }

  private make(type: string, inputs: Values) {
    return this.aws.create({ type, name: "owner", suffix: "", config: {} }, inputs);
  }

  private makeObject(type: string, inputs: Values) {
    const kubeconfig = JSON.stringify({ clusters: [{ cluster: { server: this.endpoint } }] });
    return this.kubernetes.create({ type, name: "owner", suffix: "", config: { kubeconfig } }, inputs);
  }
}
