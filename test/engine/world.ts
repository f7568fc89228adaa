import { asList, asObject, asText } from "./values";
import type { Values } from "./values";

/** Something in the account. */
export interface Item {
  type: string;
  id: string;
  inputs: Values;
  outputs: Values;
}

/** An EC2 instance that runs as a node. */
export interface Instance {
  id: string;
  subnetId: string;
  cluster: string;
  /** The NodePool or the node group that it came from. */
  from: string;
  /** The EC2NodeClass of a node of Karpenter's. */
  nodeClass?: string;
}

/** An object inside a cluster. */
export interface KubernetesObject {
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
  object: Values;
}

interface State {
  items: Item[];
  instances: Instance[];
  objects: KubernetesObject[];
  /** Image references, `repository:tag`. */
  images: string[];
  /** What AWS makes by itself and leaves behind. */
  logGroups: string[];
  /** What nobody refused and is wrong all the same. */
  violations: string[];
}

/** The account and the clusters in it: what the placeholder providers share. */
export class World {
  private state: State = { items: [], instances: [], objects: [], images: [], logGroups: [], violations: [] };

  get items(): Item[] {
    return this.state.items;
  }
  get instances(): Instance[] {
    return this.state.instances;
  }
  get objects(): KubernetesObject[] {
    return this.state.objects;
  }
  get images(): string[] {
    return this.state.images;
  }
  get logGroups(): string[] {
    return this.state.logGroups;
  }
  get violations(): string[] {
    return this.state.violations;
  }

  save(): string {
    return JSON.stringify(this.state);
  }

  restore(saved: string): void {
    this.state = JSON.parse(saved) as State;
  }

  /** What was there when it was saved and is gone or another now. */
  changesSince(saved: string): string[] {
    const before = JSON.parse(saved) as State;
    const now = new Set([...this.items, ...this.instances, ...this.objects].map((it) => JSON.stringify(it)));
    return [...before.items, ...before.instances, ...before.objects]
      .map((it) => JSON.stringify(it))
      .filter((it) => !now.has(it));
  }

  all(type: string): Item[] {
    return this.items.filter((item) => item.type === type);
  }

  find(type: string, id: unknown): Item | undefined {
    return this.items.find((item) => item.type === type && item.id === id);
  }

  remove(type: string, id: string): void {
    this.state.items = this.items.filter((item) => item.type !== type || item.id !== id);
  }

  removeInstances(gone: (instance: Instance) => boolean): void {
    this.state.instances = this.instances.filter((instance) => !gone(instance));
  }

  removeObjects(gone: (object: KubernetesObject) => boolean): void {
    this.state.objects = this.objects.filter((object) => !gone(object));
  }

  /** Objects of a kind in a cluster. */
  kind(cluster: string, kind: string): KubernetesObject[] {
    return this.objects.filter((object) => object.cluster === cluster && object.kind === kind);
  }

  /** The release of a chart in a cluster, whatever it is called. */
  release(cluster: string, chart: string): KubernetesObject | undefined {
    return this.kind(cluster, "Release").find(({ object }) => asText(object.chart).split("/").pop() === chart);
  }

  addOns(cluster: string): string[] {
    return this.all("aws:eks/addon:Addon")
      .filter(({ inputs }) => inputs.clusterName === cluster)
      .map(({ inputs }) => asText(inputs.addonName));
  }

  /** Why nodes in this subnet could not reach the cluster, AWS or a registry; nothing if they can. */
  isolation(subnetId: string): string | undefined {
    const subnet = this.find("aws:ec2/subnet:Subnet", subnetId);
    // A subnet that this program did not make has routes of its own.
    if (!subnet) return undefined;
    const association = this.all("aws:ec2/routeTableAssociation:RouteTableAssociation").find(
      ({ inputs }) => inputs.subnetId === subnetId,
    );
    if (!association) return `${subnetId} has no route table`;
    const table = this.find("aws:ec2/routeTable:RouteTable", association.inputs.routeTableId);
    const routes = [
      ...asList(table?.inputs.routes).map(asObject),
      ...this.all("aws:ec2/route:Route")
        .filter(({ inputs }) => inputs.routeTableId === association.inputs.routeTableId)
        .map(({ inputs }) => inputs),
    ];
    const way = routes.find((route) => (route.destinationCidrBlock ?? route.cidrBlock) === "0.0.0.0/0");
    if (!way) return `${subnetId} has no route out`;
    if (way.natGatewayId && !this.find("aws:ec2/natGateway:NatGateway", way.natGatewayId))
      return `${subnetId} has a route to a NAT gateway that is gone`;
    return undefined;
  }

  /** Why Karpenter in this cluster can neither start nor end a node; nothing if it can. */
  controllerProblem(cluster: string): string | undefined {
    if (!this.release(cluster, "karpenter")) return "no Karpenter controller runs";
    const missing = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns"].filter(
      (addOn) => !this.addOns(cluster).includes(addOn),
    );
    if (missing.length > 0) return `the controller's nodes lack ${missing.join(", ")}`;
    const system = this.instances.filter((it) => it.cluster === cluster && it.nodeClass === undefined);
    if (system.length < 2) return "the controller has no two nodes to run on";
    const isolated = system.map((it) => this.isolation(it.subnetId)).find((reason) => reason !== undefined);
    if (isolated) return isolated;
    const association = this.all("aws:eks/podIdentityAssociation:PodIdentityAssociation").find(
      ({ inputs }) => inputs.clusterName === cluster && inputs.serviceAccount === "karpenter",
    );
    if (!association) return "the controller has no Pod Identity association";
    const roleName = asText(association.inputs.roleArn).split("/").pop();
    const attached = this.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(
      ({ inputs }) => inputs.role === roleName,
    );
    const made = this.all("aws:iam/policy:Policy").map(({ outputs }) => outputs.arn);
    if (!this.find("aws:iam/role:Role", roleName) || attached.length < 5)
      return `the controller's role has ${attached.length} of its 5 policies`;
    if (attached.some(({ inputs }) => !made.includes(inputs.policyArn))) return "a policy of the controller is gone";
    if (this.all("aws:eks/accessEntry:AccessEntry").every(({ inputs }) => inputs.type !== "EC2_LINUX"))
      return "the nodes have no access entry";
    return undefined;
  }

  /** What is left in the account, by kind. */
  leftovers(): string[] {
    return [
      ...this.items.map(({ type, id }) => `${type} ${id}`),
      ...this.instances.map(({ id, from }) => `instance ${id} of ${from}`),
      ...this.logGroups.map((name) => `log group ${name}`),
    ];
  }
}
