import type { Values } from "./values";
import { asObject, asText } from "./values";

export const account = "123456789012";
export const region = "us-east-1";

/** What the AWS provider's schema says of a resource type. */
export interface Kind {
  /** Inputs whose change makes another resource (`ForceNew`). */
  replaces: string[];
  /** Input that gets the resource's name and a random end where none is stated, and its longest value. */
  autoName?: [field: string, longest: number];
  /** What AWS calls it, from its inputs; otherwise an id made of this prefix and random digits. */
  id: string | ((inputs: Values) => string);
  /** Attributes that only AWS knows. */
  computed?: (id: string, inputs: Values, digits: string) => Values;
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${service === "iam" ? "" : region}:${account}:${resource}`;
const text = (inputs: Values, key: string) => asText(inputs[key]);

export const kinds: Record<string, Kind | undefined> = {
  "aws:ec2/vpc:Vpc": {
    replaces: ["cidrBlock", "instanceTenancy"],
    id: "vpc",
    computed: (id, _, digits) => ({
      arn: arn("ec2", `vpc/${id}`),
      mainRouteTableId: `rtb-${digits}`,
      defaultSecurityGroupId: `sg-${digits}`,
    }),
  },
  "aws:ec2/subnet:Subnet": {
    replaces: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"],
    id: "subnet",
    computed: (id) => ({ arn: arn("ec2", `subnet/${id}`) }),
  },
  "aws:ec2/internetGateway:InternetGateway": { replaces: [], id: "igw" },
  "aws:ec2/routeTable:RouteTable": { replaces: ["vpcId"], id: "rtb" },
  "aws:ec2/route:Route": {
    replaces: ["routeTableId", "destinationCidrBlock"],
    id: (inputs) => `r-${text(inputs, "routeTableId")}-${text(inputs, "destinationCidrBlock")}`,
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { replaces: ["subnetId", "gatewayId"], id: "rtbassoc" },
  "aws:ec2/eip:Eip": {
    replaces: ["domain"],
    id: "eipalloc",
    computed: (id) => ({ allocationId: id, publicIp: "192.0.2.10" }),
  },
  "aws:ec2/natGateway:NatGateway": { replaces: ["subnetId", "allocationId", "connectivityType"], id: "nat" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { replaces: ["vpcId", "serviceName", "vpcEndpointType"], id: "vpce" },
  "aws:ec2/securityGroup:SecurityGroup": {
    replaces: ["name", "description", "vpcId"],
    autoName: ["name", 255],
    id: "sg",
  },
  "aws:ec2/tag:Tag": {
    replaces: ["resourceId", "key"],
    id: (inputs) => `${text(inputs, "resourceId")},${text(inputs, "key")}`,
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    replaces: ["name", "namePrefix"],
    autoName: ["name", 125],
    id: "lt",
    computed: (id) => ({ arn: arn("ec2", `launch-template/${id}`), latestVersion: 1, defaultVersion: 1 }),
  },
  "aws:eks/cluster:Cluster": {
    replaces: ["name", "roleArn", "bootstrapSelfManagedAddons", "kubernetesNetworkConfig", "encryptionConfig"],
    autoName: ["name", 100],
    id: (inputs) => text(inputs, "name"),
    computed: (id, inputs, digits) => ({
      arn: arn("eks", `cluster/${id}`),
      clusterId: id,
      endpoint: `https://${digits.toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      certificateAuthority: { data: "cGxhY2Vob2xkZXI=" },
      certificateAuthorities: [{ data: "cGxhY2Vob2xkZXI=" }],
      identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${digits.toUpperCase()}` }] }],
      vpcConfig: { ...asObject(inputs.vpcConfig), clusterSecurityGroupId: `sg-${digits}` },
      status: "ACTIVE",
    }),
  },
  "aws:eks/nodeGroup:NodeGroup": {
    replaces: [
      ...["clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "amiType", "capacityType"],
      ...["diskSize", "instanceTypes", "remoteAccess", "launchTemplate.id", "launchTemplate.name"],
    ],
    autoName: ["nodeGroupName", 63],
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
    computed: (id) => ({ arn: arn("eks", `nodegroup/${id.replace(":", "/")}`), status: "ACTIVE" }),
  },
  "aws:eks/addon:Addon": {
    replaces: ["clusterName", "addonName"],
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`,
    computed: (id) => ({ arn: arn("eks", `addon/${id.replace(":", "/")}`) }),
  },
  "aws:eks/accessEntry:AccessEntry": {
    replaces: ["clusterName", "principalArn", "type"],
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`,
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    replaces: ["clusterName", "principalArn", "policyArn", "accessScope"],
    id: (inputs) => ["clusterName", "principalArn", "policyArn"].map((key) => text(inputs, key)).join("#"),
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    replaces: ["clusterName", "namespace", "serviceAccount"],
    id: (inputs) => ["clusterName", "namespace", "serviceAccount"].map((key) => text(inputs, key)).join(":"),
    computed: (_, __, digits) => ({ associationId: `a-${digits}` }),
  },
  "aws:iam/role:Role": {
    replaces: ["name", "namePrefix", "path"],
    autoName: ["name", 64],
    id: (inputs) => text(inputs, "name"),
    computed: (id) => ({ arn: arn("iam", `role/${id}`), uniqueId: id }),
  },
  "aws:iam/policy:Policy": {
    replaces: ["name", "namePrefix", "path", "description"],
    autoName: ["name", 128],
    id: (inputs) => arn("iam", `policy/${text(inputs, "name")}`),
    computed: (id) => ({ arn: id }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replaces: ["role", "policyArn"],
    id: (inputs) => `${text(inputs, "role")}/${text(inputs, "policyArn")}`,
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    replaces: ["awsServiceName", "customSuffix"],
    id: (inputs) => arn("iam", `role/aws-service-role/${text(inputs, "awsServiceName")}`),
    computed: (id) => ({ arn: id, name: "AWSServiceRoleForEC2Spot" }),
  },
  "aws:sqs/queue:Queue": {
    replaces: ["name", "namePrefix", "fifoQueue"],
    autoName: ["name", 80],
    id: (inputs) => `https://sqs.${region}.amazonaws.com/${account}/${text(inputs, "name")}`,
    computed: (id, inputs) => ({ arn: arn("sqs", text(inputs, "name")), url: id }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": { replaces: ["queueUrl"], id: (inputs) => text(inputs, "queueUrl") },
  "aws:cloudwatch/eventRule:EventRule": {
    replaces: ["name", "namePrefix", "eventBusName"],
    autoName: ["name", 64],
    id: (inputs) => text(inputs, "name"),
    computed: (id) => ({ arn: arn("events", `rule/${id}`) }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    replaces: ["rule", "targetId", "eventBusName"],
    id: (inputs) => `${text(inputs, "rule")}-${text(inputs, "arn")}`,
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    replaces: ["name", "namePrefix", "logGroupClass"],
    autoName: ["name", 512],
    id: (inputs) => text(inputs, "name"),
    computed: (id) => ({ arn: arn("logs", `log-group:${id}`) }),
  },
  "aws:ecr/repository:Repository": {
    replaces: ["name", "encryptionConfigurations"],
    autoName: ["name", 256],
    id: (inputs) => text(inputs, "name"),
    computed: (id) => ({
      arn: arn("ecr", `repository/${id}`),
      registryId: account,
      repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${id}`,
    }),
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    replaces: ["repository", "policy"],
    id: (inputs) => text(inputs, "repository"),
    computed: () => ({ registryId: account }),
  },
};
