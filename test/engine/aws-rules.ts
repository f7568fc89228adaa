import type { Values } from "./values";
import { asList, asObject, asText } from "./values";
import type { Item, World } from "./world";

/** Ranges that EKS refuses for its public endpoint. */
const refusedCidrs = ["192.0.2.", "198.51.100.", "203.0.113.", "10.", "192.168."];

/** Throws what AWS answers to a creation that cannot be. */
export function refuseCreation(world: World, type: string, id: string, inputs: Values): void {
  const refuse = (message: string) => {
    throw new Error(`creating ${type} (${id}): ${message}`);
  };
  if (world.find(type, id)) refuse("ResourceInUseException: it already exists");
  const clusterName = inputs.clusterName;
  if (clusterName !== undefined && !world.find("aws:eks/cluster:Cluster", clusterName))
    refuse(`ResourceNotFoundException: No cluster found for name: ${asText(clusterName)}`);
  switch (type) {
    case "aws:ec2/subnet:Subnet": {
      const vpc = world.find("aws:ec2/vpc:Vpc", inputs.vpcId);
      if (!vpc) return refuse("InvalidVpcID.NotFound");
      const range = rangeOf(inputs.cidrBlock);
      if (!contains(rangeOf(vpc.inputs.cidrBlock), range)) refuse("InvalidSubnet.Range: outside of the VPC's range");
      for (const other of world.all(type))
        if (other.inputs.vpcId === inputs.vpcId && overlap(rangeOf(other.inputs.cidrBlock), range))
          refuse(`InvalidSubnet.Conflict: The CIDR '${asText(inputs.cidrBlock)}' conflicts with another subnet`);
      return;
    }
    case "aws:eks/cluster:Cluster": {
      const { publicAccessCidrs, subnetIds } = asObject(inputs.vpcConfig);
      const zones = zonesOf(world, subnetIds);
      if (zones.length < 2 && zones[0] !== "")
        refuse("InvalidParameterException: Subnets specified must be in at least two different AZs");
      const refused = asList(publicAccessCidrs).filter((cidr) => isRefused(asText(cidr)));
      if (refused.length > 0)
        refuse(
          `InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: ${refused.join(", ")}`,
        );
      return;
    }
    case "aws:eks/nodeGroup:NodeGroup": {
      const missing = ["vpc-cni", "kube-proxy"].filter((it) => !world.addOns(asText(clusterName)).includes(it));
      const isolated = asList(inputs.subnetIds)
        .map((it) => world.isolation(asText(it)))
        .find((it) => it !== undefined);
      if (missing.length > 0) refuse(`NodeCreationFailure: nodes never become ready without ${missing.join(", ")}`);
      if (isolated) refuse(`NodeCreationFailure: Instances failed to join the kubernetes cluster: ${isolated}`);
      return;
    }
    case "aws:eks/addon:Addon":
      if (inputs.addonName === "coredns" && !world.instances.some((it) => it.cluster === clusterName))
        refuse("unexpected state 'DEGRADED': InsufficientNumberOfReplicas, no node to run on (20m0s)");
      return;
    case "aws:cloudwatch/logGroup:LogGroup":
      if (world.logGroups.includes(id))
        refuse("ResourceAlreadyExistsException: The specified log group already exists");
      return;
    case "aws:iam/serviceLinkedRole:ServiceLinkedRole":
      return;
    case "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
      if (!world.find("aws:iam/role:Role", inputs.role)) refuse("NoSuchEntity: The role cannot be found");
  }
}

/** Throws what AWS answers to a change that cannot be made in place. */
export function refuseUpdate(world: World, item: Item, inputs: Values): void {
  if (item.type !== "aws:eks/cluster:Cluster") return;
  const [before, after] = [asObject(item.inputs.vpcConfig), asObject(inputs.vpcConfig)];
  const [had, wants] = [zonesOf(world, before.subnetIds), zonesOf(world, after.subnetIds)];
  if (had.join() !== wants.join())
    throw new Error(
      `updating EKS Cluster (${item.id}): InvalidParameterException: Provided subnets belong to the AZs '${wants.join()}'. ` +
        `But they should belong to the exact set of AZs '${had.join()}' in which subnets were provided during cluster creation`,
    );
  const [old, next] = [item.inputs.version, inputs.version].map((it) => Number(asText(it).split(".")[1]));
  if (next !== undefined && old !== undefined && next !== old && next !== old + 1)
    throw new Error(
      `updating EKS Cluster (${item.id}): InvalidParameterException: Unsupported Kubernetes minor version update`,
    );
}

/** Throws what AWS answers to a deletion while something still needs it. */
export function refuseDeletion(world: World, { type, id, inputs, outputs }: Item): void {
  const refuse = (message: string) => {
    throw new Error(`deleting ${type} (${id}): ${message}`);
  };
  const inUse = (of: string, key: string, value: unknown = id) => {
    const user = world.all(of).find((item) => item.inputs[key] === value);
    if (user) refuse(`DependencyViolation: ${user.type} ${user.id} still needs it`);
  };
  switch (type) {
    case "aws:ec2/subnet:Subnet": {
      const node = world.instances.find((instance) => instance.subnetId === id);
      if (node) refuse(`DependencyViolation: the network interface of instance ${node.id} of ${node.from} is in it`);
      const cluster = world
        .all("aws:eks/cluster:Cluster")
        .find((it) => asList(asObject(it.inputs.vpcConfig).subnetIds).includes(id));
      if (cluster) refuse(`DependencyViolation: a network interface of cluster ${cluster.id} is in it`);
      inUse("aws:ec2/natGateway:NatGateway", "subnetId");
      return;
    }
    case "aws:ec2/vpc:Vpc":
      for (const of of ["subnet:Subnet", "internetGateway:InternetGateway", "routeTable:RouteTable"])
        inUse(`aws:ec2/${of}`, "vpcId");
      inUse("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId");
      inUse("aws:ec2/securityGroup:SecurityGroup", "vpcId");
      return;
    case "aws:ec2/internetGateway:InternetGateway": {
      const inVpc = world.all("aws:ec2/natGateway:NatGateway").filter((nat) => {
        const subnet = world.find("aws:ec2/subnet:Subnet", nat.inputs.subnetId);
        return subnet?.inputs.vpcId === inputs.vpcId;
      });
      if (inVpc.length > 0) refuse("DependencyViolation: Network has some mapped public address(es)");
      return;
    }
    case "aws:ec2/routeTable:RouteTable":
      return inUse("aws:ec2/routeTableAssociation:RouteTableAssociation", "routeTableId");
    case "aws:ec2/eip:Eip":
      return inUse("aws:ec2/natGateway:NatGateway", "allocationId");
    case "aws:ec2/launchTemplate:LaunchTemplate": {
      const group = world.all("aws:eks/nodeGroup:NodeGroup").find((it) => asObject(it.inputs.launchTemplate).id === id);
      if (group) world.violations.push(`launch template of ${group.id} was deleted before it`);
      return;
    }
    case "aws:iam/role:Role": {
      inUse("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role");
      const group = world.all("aws:eks/nodeGroup:NodeGroup").find((it) => it.inputs.nodeRoleArn === outputs.arn);
      const nodeClass = world.objects.find((it) => asObject(it.object.spec).role === id);
      const user = group?.id ?? nodeClass?.name;
      if (user) refuse(`DeleteConflict: must remove roles from instance profile first (that of ${user})`);
      for (const cluster of world.all("aws:eks/cluster:Cluster"))
        if (cluster.inputs.roleArn === outputs.arn)
          world.violations.push(`role of cluster ${cluster.id} was deleted before it`);
      return;
    }
    case "aws:iam/policy:Policy":
      return inUse("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn");
    case "aws:cloudwatch/eventRule:EventRule":
      return inUse("aws:cloudwatch/eventTarget:EventTarget", "rule");
    case "aws:ecr/repository:Repository": {
      const repository = asText(outputs.repositoryUrl);
      const images = world.images.filter((image) => image.startsWith(`${repository}:`));
      if (images.length > 0 && inputs.forceDelete !== true)
        refuse(`RepositoryNotEmptyException: it has ${images.length} images`);
      for (const image of images) world.images.splice(world.images.indexOf(image), 1);
      return;
    }
    case "aws:eks/nodeGroup:NodeGroup": {
      world.removeInstances((instance) => instance.from === id);
      const clusterName = asText(inputs.clusterName);
      const problem = world.controllerProblem(clusterName);
      for (const pool of world.kind(clusterName, "NodePool"))
        if (problem) world.violations.push(`node group ${id} was deleted before NodePool ${pool.name}: ${problem}`);
      return;
    }
    case "aws:eks/cluster:Cluster": {
      if (inputs.deletionProtection === true)
        refuse("InvalidRequestException: Cannot delete cluster with deletion protection enabled");
      inUse("aws:eks/nodeGroup:NodeGroup", "clusterName");
      for (const orphan of world.instances.filter((instance) => instance.cluster === id))
        world.violations.push(`instance ${orphan.id} of ${orphan.from} runs on without its cluster ${id}`);
      world.removeObjects((object) => object.cluster === id);
      for (const child of world.items.filter((it) => it.type.startsWith("aws:eks/") && it.inputs.clusterName === id))
        world.remove(child.type, child.id);
    }
  }
}

/** What AWS does by itself after a creation or a change. */
export function settle(world: World, { type, id, inputs }: Item): void {
  if (type === "aws:eks/cluster:Cluster" && asList(inputs.enabledClusterLogTypes).length > 0) {
    const group = `/aws/eks/${id}/cluster`;
    if (!world.find("aws:cloudwatch/logGroup:LogGroup", group) && !world.logGroups.includes(group))
      world.logGroups.push(group);
  }
  if (type === "aws:eks/nodeGroup:NodeGroup") {
    world.removeInstances((instance) => instance.from === id);
    const subnets = asList(inputs.subnetIds).map(asText);
    for (let index = 0; index < Number(asObject(inputs.scalingConfig).desiredSize); index++)
      world.instances.push({
        id: `i-${index}-${id}`,
        subnetId: subnets[index % subnets.length] ?? "",
        cluster: asText(inputs.clusterName),
        from: id,
      });
  }
}

// A subnet that this program did not make is in a zone that only AWS knows: "".
function zonesOf(world: World, subnetIds: unknown): string[] {
  const zones = asList(subnetIds).map((id) => asText(world.find("aws:ec2/subnet:Subnet", id)?.inputs.availabilityZone));
  return [...new Set(zones)].sort();
}

function isRefused(cidr: string): boolean {
  return refusedCidrs.some((prefix) => cidr.startsWith(prefix));
}

type Range = [first: number, size: number];

function rangeOf(cidr: unknown): Range {
  const [address = "", bits = "32"] = asText(cidr).split("/");
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [first, 2 ** (32 - Number(bits))];
}

function contains([first, size]: Range, [inner, innerSize]: Range): boolean {
  return inner >= first && inner + innerSize <= first + size;
}

function overlap([left, leftSize]: Range, [right, rightSize]: Range): boolean {
  return left < right + rightSize && right < left + leftSize;
}
