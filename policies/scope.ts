import { areForKarpenter, patternOf } from "./event-pattern";
import { servedOf } from "./karpenter-object";
import { mayCoverAny, nodeCleanupOf } from "./node-cleanup";
import type { NodeCleanup } from "./node-cleanup";
import { once } from "./once";
import { givesLabel, nodeGroupOf, poolOf, selects } from "./pool";
import type { Pool } from "./pool";
import { provisionerOf, valueOf } from "./provisioner";
import type { Provisioner } from "./provisioner";
import { chartOf, containersOf, isOf, nameOf, resourceOf, runs } from "./resource";
import type { Given, Kind, Resource } from "./resource";
import type { ChainSettings } from "./settings";
import { bootContainersOf, isBottlerocket, nodeLabelsOf, templatePath } from "./user-data";
import { at, isSame, isUnset, listOf, pending, tableOf, textOf } from "./value";
import type { Value } from "./value";
import { classNamesOf, workloadOf } from "./workload";
import type { Workload } from "./workload";

/**
 * The parts of a stack that concern fast disks. Only this class decides whether a policy judges a resource: by its role
 * in the chain, not by its kind.
 */
export class Chain {
  private readonly found = new Map<Kind, Resource[]>();

  constructor(
    private readonly resources: Given[],
    readonly settings: ChainSettings,
  ) {}

  /** All resources of a kind. */
  all(kind: Kind): Resource[] {
    const known = this.found.get(kind);
    if (known) return known;
    const found = this.resources.filter((one) => isOf(kind, one)).map(resourceOf);
    this.found.set(kind, found);
    return found;
  }

  /** NodePools of a served API version; a patch counts as the patched pool. */
  @once get pools(): Pool[] {
    return servedOf(this.all("nodePool")).map(poolOf);
  }

  /** The local static provisioners. */
  @once get provisioners(): Provisioner[] {
    const installed = [...this.all("release"), ...this.all("daemonSet")];
    return installed.flatMap((one) => provisionerOf(one, this.all("configMap")) ?? []);
  }

  /** Pools whose disks become volumes: they have the class label, or a provisioner selects their nodes. */
  @once get fastPools(): Pool[] {
    return this.pools.filter((pool) => this.isFast(pool));
  }

  private isFast(pool: Pool): boolean {
    return givesLabel(pool, this.settings.label) || this.provisioners.some(({ placement }) => selects(placement, pool));
  }

  @once private get servedNodeClasses(): Resource[] {
    return servedOf(this.all("nodeClass"));
  }

  /** EC2NodeClasses that pools with fast disks use, or whose user data links disks. */
  @once get fastNodeClasses(): Resource[] {
    const used = new Set(this.fastPools.map(({ props }) => at(props, "spec.template.spec.nodeClassRef.name")));
    const sources = new Set(this.fastPools.flatMap(({ sources }) => sources.spec ?? []));
    const named = (one: Resource) => nameOf(one) !== pending && used.has(nameOf(one));
    const boots = (one: Resource) => this.settings.container in bootContainersOf(one);
    return this.servedNodeClasses.filter((one) => named(one) || sources.has(one.urn) || boots(one));
  }

  /** EC2NodeClasses with fast disks or for Bottlerocket. */
  @once get nodeClasses(): Resource[] {
    const fast = new Set(this.fastNodeClasses);
    return this.servedNodeClasses.filter((one) => fast.has(one) || isBottlerocket(one));
  }

  /** Managed node groups with fast disks, or with Bottlerocket by their AMI type or user data. */
  @once get nodeGroups(): Pool[] {
    const groups = this.all("nodeGroup").map((group) => {
      const template = this.templateOf(group);
      return nodeGroupOf(group, template && nodeLabelsOf(template));
    });
    return groups.filter((group) => this.runsBottlerocket(group) || this.isFast(group));
  }

  /** Managed node groups with fast disks. */
  @once get fastNodeGroups(): Pool[] {
    return this.nodeGroups.filter((group) => this.isFast(group));
  }

  runsBottlerocket(group: Pool): boolean {
    const template = this.templateOf(group);
    return (
      textOf(group.props.amiType).startsWith("BOTTLEROCKET") || (template !== undefined && isBottlerocket(template))
    );
  }

  /** Launch templates of these node groups or for Bottlerocket; not with a custom image, whose user data format is unknown. */
  @once get launchTemplates(): Resource[] {
    const used = this.nodeGroups.map((group) => this.templateOf(group));
    return this.all("launchTemplate").filter(
      (one) => isUnset(at(one.props, templatePath(one, "imageId"))) && (used.includes(one) || isBottlerocket(one)),
    );
  }

  /** Node classes and launch templates. */
  @once get nodes(): Resource[] {
    return [...this.nodeClasses, ...this.launchTemplates];
  }

  /** Node classes and launch templates of nodes with fast disks. */
  @once get fastNodes(): Resource[] {
    const templates = this.fastNodeGroups.flatMap((group) => this.templateOf(group) ?? []);
    return [...this.fastNodeClasses, ...new Set(templates)];
  }

  /** The launch template of a managed node group, if the stack has it. */
  templateOf({ props, sources }: Resource): Resource | undefined {
    const templates = this.all("launchTemplate");
    const { id, name } = tableOf(props.launchTemplate);
    return (
      templates.find(({ urn }) => sources.launchTemplate?.includes(urn)) ??
      templates.find((one) => isSame(id, one.props.id) || isSame(name, one.props.name ?? one.props.launchTemplateName))
    );
  }

  /** StorageClasses of fast disks: a provisioner serves them, they select nodes by the label, or the settings name them. */
  @once get storageClasses(): Resource[] {
    const { label, classes } = this.settings;
    const served = new Set(this.servedClasses);
    return this.all("storageClass").filter((one) => {
      const terms = listOf(one.props, "allowedTopologies").flatMap((topology) =>
        listOf(topology, "matchLabelExpressions"),
      );
      const name = textOf(nameOf(one));
      return served.has(name) || classes.includes(name) || terms.some((term) => at(term, "key") === label);
    });
  }

  private get servedClasses(): string[] {
    return this.provisioners.flatMap(({ classes }) => classes.flatMap(({ name }) => textOf(name) || []));
  }

  /** Workloads that claim volumes of these classes. */
  @once get consumers(): Workload[] {
    const stated = this.storageClasses.flatMap((one) => textOf(nameOf(one)) || []);
    const fast = new Set([...this.settings.classes, ...this.servedClasses, ...stated]);
    const workloads = this.all("workload").map(workloadOf);
    return workloads.filter((one) => classNamesOf(one, this.all("claim")).some((name) => fast.has(name)));
  }

  /** The node-cleanup controllers. */
  @once get cleanups(): NodeCleanup[] {
    return this.all("deployment").flatMap((one) => nodeCleanupOf(one) ?? []);
  }

  /** StorageClasses that these controllers cover, `undefined` if a Deployment may cover any class. */
  @once get covered(): Set<string> | undefined {
    if (this.all("deployment").some(mayCoverAny)) return undefined;
    return new Set(this.cleanups.flatMap(({ covered }) => covered));
  }

  /** Karpenter's controllers: the chart's releases, and Deployments of its image. */
  @once get controllers(): Resource[] {
    return [
      ...this.all("release").filter((one) => chartOf(one) === "karpenter"),
      ...this.all("deployment").filter((one) => runs(one, /karpenter\/controller[:@]/)),
    ];
  }

  /** The queues that Karpenter reads: its controller names them, or they are the target of a rule for its events. */
  @once get queues(): Resource[] {
    return this.all("queue").filter((queue) => {
      const name = queue.props.name ?? queue.props.queueName;
      const named = this.controllers.some((one) => {
        const value = queueNameOf(one);
        return isSame(value, name) || (value === pending && one.dependencies.includes(queue.urn));
      });
      return named || areForKarpenter(this.rulesOf(queue).map(patternOf));
    });
  }

  /** Event rules that have the queue as target. */
  rulesOf({ urn, props: { arn } }: Resource): Resource[] {
    const targets = this.all("eventTarget").filter(
      ({ dependencies, props }) => dependencies.includes(urn) || isSame(props.arn, arn),
    );
    const rules = new Set<Value>(targets.flatMap(({ dependencies, props }) => [...dependencies, textOf(props.rule)]));
    return this.all("eventRule").filter(
      ({ urn: rule, props, sources }) =>
        rules.has(rule) ||
        (textOf(props.name) !== "" && rules.has(props.name)) ||
        listOf(props.targets).some((target) => isSame(at(target, "arn"), arn)) ||
        sources.targets?.includes(urn),
    );
  }

  /** Rules whose target is a queue that Karpenter reads. */
  @once get eventRules(): Resource[] {
    return [...new Set(this.queues.flatMap((queue) => this.rulesOf(queue)))];
  }

  /** Repositories of the nodes' boot images: user data names an image in them, or depends on one. */
  @once get repositories(): Resource[] {
    const nodes = [...this.nodes, ...this.all("launchTemplate").filter(isBottlerocket)];
    const images = nodes.flatMap((one) =>
      Object.values(bootContainersOf(one)).map((container) => textOf(container, "source")),
    );
    const origins = new Set(nodes.flatMap(({ sources }) => [...(sources.spec ?? []), ...(sources.userData ?? [])]));
    const built = this.all("image").filter(({ urn }) => origins.has(urn));
    const owners = new Set(built.flatMap(({ dependencies }) => dependencies));
    const named = (name: string) => images.some((image) => image.includes(`/${name}@`) || image.includes(`/${name}:`));
    return this.all("repository").filter(
      ({ urn, props }) => owners.has(urn) || named(textOf(props.name) || textOf(props.repositoryName) || "\0"),
    );
  }
}

/** The queue that a Karpenter controller is configured to read. */
export function queueNameOf(controller: Resource): Value {
  if (isOf("release", controller)) return valueOf(controller, "settings.interruptionQueue");
  const variables = containersOf(controller).flatMap((one) => listOf(one, "env"));
  const own = variables.find((one) => at(one, "name") === "INTERRUPTION_QUEUE");
  return own === undefined ? undefined : (at(own, "value") ?? pending);
}

/** Whether a resource belongs to an owner: by dependency if it depends on any owner, otherwise by name. */
export function belongs(resource: Resource, names: Value[], owner: Resource, owners: Resource[]): boolean {
  if (owners.some(({ urn }) => resource.dependencies.includes(urn))) return resource.dependencies.includes(owner.urn);
  const keys = ["name", "id", "url", "repositoryName", "queueUrl"].map((key) => at(owner.props, key));
  return names.some((name) => name === pending || keys.some((key) => isSame(key, name)));
}
