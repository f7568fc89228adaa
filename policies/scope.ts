import type { PolicyResource } from "@pulumi/policy";
import { carries, nodeGroupOf, poolOf, selects } from "./pool";
import type { Pool } from "./pool";
import { provisionerOf, valueOf } from "./provisioner";
import type { Provisioner } from "./provisioner";
import { chartOf, isOf } from "./resource";
import type { Kind, Resource } from "./resource";
import type { ChainSettings } from "./settings";
import { isBottlerocket, nodeLabelsOf, templatePath, userDataOf } from "./user-data";
import { at, isUnset, listOf, merged, parseJson, partOf, pending, textOf, textsOf } from "./value";
import type { Value } from "./value";

/** A resource with a pod: its own path to it, and the claims that it makes. */
export interface Consumer extends Resource {
  /** Path of the pod's spec. */
  path: string;
}

/**
 * The parts of a stack that have to do with fast disks, and what belongs to them. This is the one place that decides
 * whether a policy judges a resource: by its part in the chain, not by its kind.
 */
export class Chain {
  private readonly found = new Map<string, unknown>();

  constructor(
    private readonly resources: PolicyResource[],
    private readonly read: (resource: PolicyResource) => Resource,
    readonly settings: ChainSettings,
  ) {}

  /** All resources of a kind. */
  all(kind: Kind): Resource[] {
    return this.once(kind, () => this.resources.filter((one) => isOf(kind, one)).map(this.read));
  }

  /** NodePools of an API that is served; a patch counts as the pool that it makes of another. */
  get pools(): Pool[] {
    return this.once("pools", () => this.objectsOf("nodePool").map(poolOf));
  }

  /** The local static provisioners. */
  get provisioners(): Provisioner[] {
    return this.once("provisioners", () =>
      [...this.all("release"), ...this.all("daemonSet")].flatMap(
        (one) => provisionerOf(one, this.all("configMap")) ?? [],
      ),
    );
  }

  /** Pools whose nodes' disks become volumes: they carry the class label, or a provisioner chooses their nodes. */
  get fastPools(): Pool[] {
    return this.once("fastPools", () => this.pools.filter((pool) => this.isFast(pool)));
  }

  /** EC2NodeClasses that pools with fast disks use. */
  get fastNodeClasses(): Resource[] {
    return this.once("fastNodeClasses", () => {
      const used = this.fastPools.map((pool) => at(pool.props, "spec.template.spec.nodeClassRef.name"));
      return this.objectsOf("nodeClass").filter((one) => {
        const name = at(one.props, "metadata.name");
        return (
          used.some((other) => other !== pending && other === name) ||
          this.fastPools.some((pool) => pool.sources.spec?.includes(one.urn)) ||
          bootsFor(one, this.settings.container)
        );
      });
    });
  }

  /** EC2NodeClasses of the chain: those, and Bottlerocket's. */
  get nodeClasses(): Resource[] {
    return this.once("nodeClasses", () =>
      this.objectsOf("nodeClass").filter((one) => this.fastNodeClasses.includes(one) || isBottlerocket(one)),
    );
  }

  /** Managed node groups with fast disks, and those that are Bottlerocket's by their AMI type or user data. */
  get nodeGroups(): Pool[] {
    return this.once("nodeGroups", () =>
      this.all("nodeGroup")
        .map((group) => {
          const template = this.templateOf(group);
          return nodeGroupOf(group, template && nodeLabelsOf(template));
        })
        .filter((group) => {
          const template = this.templateOf(group);
          const ours = textOf(group.props.amiType).startsWith("BOTTLEROCKET") || (template && isBottlerocket(template));
          return ours === true || this.isFast(group);
        }),
    );
  }

  /** Those of them with fast disks. */
  get fastNodeGroups(): Pool[] {
    return this.once("fastNodeGroups", () => this.nodeGroups.filter((group) => this.isFast(group)));
  }

  /** Node classes and launch templates of nodes with fast disks. */
  get fastNodes(): Resource[] {
    const templates = this.fastNodeGroups.flatMap((group) => this.templateOf(group) ?? []);
    return [...this.fastNodeClasses, ...new Set(templates)];
  }

  /** Launch templates that these use, and Bottlerocket's. */
  get launchTemplates(): Resource[] {
    return this.once("launchTemplates", () => {
      const used = this.nodeGroups.map((group) => this.templateOf(group));
      return this.all("launchTemplate").filter(
        (one) => isUnset(at(one.props, templatePath(one, "imageId"))) && (used.includes(one) || isBottlerocket(one)),
      );
    });
  }

  /** Node classes and launch templates. */
  get nodes(): Resource[] {
    return [...this.nodeClasses, ...this.launchTemplates];
  }

  /** The launch template of a managed node group, if the stack has it. */
  templateOf(group: Resource): Resource | undefined {
    const templates = this.all("launchTemplate");
    const [id, name] = ["id", "name"].map((key) => at(group.props, `launchTemplate.${key}`));
    return (
      templates.find(({ urn }) => group.sources.launchTemplate?.includes(urn) ?? false) ??
      templates.find(({ props }) => isSame(id, props.id) || isSame(name, props.name ?? props.launchTemplateName))
    );
  }

  /** Names of StorageClasses of fast disks. */
  get classNames(): string[] {
    return this.once("classNames", () => [
      ...this.settings.classes,
      ...this.provisioners.flatMap(({ classes = [] }) => classes.map(({ name }) => textOf(name))),
      ...this.storageClasses.map(({ props }) => textOf(at(props, "metadata.name"))),
    ]);
  }

  /** StorageClasses of fast disks: a provisioner serves them, or they choose nodes with the label, or they are named so. */
  get storageClasses(): Resource[] {
    return this.once("storageClasses", () => {
      const served = this.provisioners.flatMap(({ classes = [] }) => classes.map(({ name }) => name));
      return this.all("storageClass").filter(({ props }) => {
        const name = at(props, "metadata.name");
        const keys = listOf(at(props, "allowedTopologies")).flatMap((topology) =>
          listOf(at(topology, "matchLabelExpressions")).map((one) => at(one, "key")),
        );
        const stated = keys.includes(this.settings.label) || this.settings.classes.includes(textOf(name));
        return stated || (name !== pending && served.includes(name));
      });
    });
  }

  /** Workloads that claim volumes of these classes. */
  get consumers(): Consumer[] {
    return this.once("consumers", () =>
      this.all("workload")
        .map((one) => ({ ...one, path: podPathOf(one) }))
        .filter((one) => this.claimsOf(one).length > 0),
    );
  }

  /** The claims on fast disks that a workload states or names, each as its `spec`. */
  claimsOf({ props, path }: Consumer): Value[] {
    const volumes = listOf(at(props, `${path}.volumes`));
    const named = volumes.map((volume) => at(volume, "persistentVolumeClaim.claimName"));
    const claims = this.all("claim").filter((one) =>
      named.some((name) => isSame(name, at(one.props, "metadata.name"))),
    );
    return [
      ...listOf(at(props, "spec.volumeClaimTemplates")).map((one) => at(one, "spec")),
      ...volumes.map((volume) => at(volume, "ephemeral.volumeClaimTemplate.spec")),
      ...claims.map((one) => at(one.props, "spec")),
    ].filter((spec) => this.classNames.includes(textOf(at(spec, "storageClassName")) || "\0"));
  }

  /** Karpenter's controllers: the chart's releases, and Deployments of its image. */
  get controllers(): Resource[] {
    return this.once("controllers", () => [
      ...this.all("release").filter((one) => chartOf(one) === "karpenter"),
      ...this.all("deployment").filter(({ props }) =>
        listOf(at(props, "spec.template.spec.containers")).some((one) =>
          /karpenter\/controller[:@]/.test(textOf(at(one, "image"))),
        ),
      ),
    ]);
  }

  /** The queues that Karpenter reads: its controller names them, or a rule for its events has them as target. */
  get queues(): Resource[] {
    return this.once("queues", () =>
      this.all("queue").filter((queue) => {
        const name = queue.props.name ?? queue.props.queueName;
        const named = this.controllers.some((one) => {
          const value = queueNameOf(one);
          return isSame(value, name) || (value === pending && one.dependencies.includes(queue.urn));
        });
        return named || isForKarpenter(this.rulesOf(queue).map(patternOf));
      }),
    );
  }

  /** Event rules of which the queue is a target. */
  rulesOf(queue: Resource): Resource[] {
    const arns = [queue.props.arn].filter((arn) => typeof arn === "string");
    const targets = this.all("eventTarget").filter(
      ({ dependencies, props }) => dependencies.includes(queue.urn) || arns.some((arn) => arn === props.arn),
    );
    return this.all("eventRule").filter(
      (rule) =>
        targets.some(
          ({ dependencies, props }) => dependencies.includes(rule.urn) || isSame(props.rule, rule.props.name),
        ) ||
        listOf(rule.props.targets).some((target) => arns.some((arn) => arn === at(target, "arn"))) ||
        (rule.sources.targets?.includes(queue.urn) ?? false),
    );
  }

  /** Rules whose target is a queue that Karpenter reads. */
  get eventRules(): Resource[] {
    return this.once("eventRules", () => [...new Set(this.queues.flatMap((queue) => this.rulesOf(queue)))]);
  }

  /** Repositories that nodes of the chain boot from. */
  get repositories(): Resource[] {
    return this.once("repositories", () => {
      const nodes = [...this.nodes, ...this.all("launchTemplate").filter(isBottlerocket)];
      const sources = nodes.flatMap((one) => {
        const containers = at(userDataOf(one)?.settings, "settings.bootstrap-containers");
        return Object.values(typeof containers === "object" ? (containers ?? {}) : {}).map((it) =>
          textOf(at(it, "source")),
        );
      });
      const images = this.all("image").filter(({ urn }) =>
        nodes.some(({ sources }) => [...(sources.spec ?? []), ...(sources.userData ?? [])].includes(urn)),
      );
      return this.all("repository").filter((one) => {
        const name = textOf(one.props.name) || textOf(one.props.repositoryName);
        const built = images.some(({ dependencies }) => dependencies.includes(one.urn));
        return (
          built ||
          (name !== "" && sources.some((source) => source.includes(`/${name}@`) || source.includes(`/${name}:`)))
        );
      });
    });
  }

  private isFast(pool: Pool): boolean {
    return carries(pool, this.settings.label) || this.provisioners.some(({ placement }) => selects(placement, pool));
  }

  /** Karpenter's objects of an API that is served; a patch is merged with what it patches. */
  private objectsOf(kind: "nodePool" | "nodeClass"): Resource[] {
    return this.once(`objects ${kind}`, () => {
      const served = this.all(kind).filter((one) => isServed(one));
      const isPatch = ({ type }: Resource) => type.endsWith("Patch");
      const patches = served.filter(isPatch);
      const nameOf = ({ props }: Resource) => at(props, "metadata.name");
      const whole = served.filter(
        (one) => !isPatch(one) && !patches.some((patch) => isSame(nameOf(patch), nameOf(one))),
      );
      return [
        ...whole,
        ...patches.map((patch) => {
          const base = served.find((one) => !isPatch(one) && isSame(nameOf(one), nameOf(patch)));
          return { ...patch, props: base ? merged(base.props, patch.props) : partOf(patch.props) };
        }),
      ];
    });
  }

  private once<T>(key: string, find: () => T): T {
    if (!this.found.has(key)) this.found.set(key, find());
    return this.found.get(key) as T;
  }
}

/** Whether an object of Karpenter is of the API that every release since 1.1 serves. */
export function isServed({ type, props }: Resource): boolean {
  const stated = at(props, "apiVersion");
  return /\/v1:[^:]*$/.test(type) && (typeof stated !== "string" || stated.endsWith("/v1"));
}

/** The queue that a controller of Karpenter is told to read. */
export function queueNameOf(controller: Resource): Value {
  if (isOf("release", controller)) return valueOf(controller, "settings.interruptionQueue");
  const containers = listOf(at(controller.props, "spec.template.spec.containers"));
  const variables = containers.flatMap((one) => listOf(at(one, "env")));
  const own = variables.find((one) => at(one, "name") === "INTERRUPTION_QUEUE");
  return own === undefined ? undefined : (at(own, "value") ?? pending);
}

/** An event rule's pattern as it was given, `undefined` if it is not JSON. */
export function patternOf(rule: Resource): Value {
  return parseJson(at(rule.props, "eventPattern"));
}

/** Whether a resource belongs to an owner: by dependency if it has one on any of its kind, or else by the name it gives. */
export function belongs(resource: Resource, names: Value[], owner: Resource, owners: Resource[]): boolean {
  if (owners.some(({ urn }) => resource.dependencies.includes(urn))) return resource.dependencies.includes(owner.urn);
  const keys: Value[] = ["name", "id", "url", "repositoryName", "queueUrl"].map((key) => at(owner.props, key));
  return names.some((name) => name === pending || keys.some((key) => isSame(key, name)));
}

/** Whether both are known and the same. */
export function isSame(one: Value, other: Value): boolean {
  return !isUnset(one) && one !== pending && one === other;
}

/** Whether a queue's rules are about interruptions alone: what else handles them listens to scaling groups, too. */
function isForKarpenter(patterns: Value[]): boolean {
  const sources = patterns.map((pattern) => textsOf(at(pattern, "source")));
  const spot = patterns.some((one) =>
    textsOf(at(one, "detail-type")).includes("EC2 Spot Instance Interruption Warning"),
  );
  return spot && sources.flat().every((source) => source === "aws.ec2" || source === "aws.health");
}

/** Whether user data itself says that the nodes' disks become volumes. */
function bootsFor(nodeClass: Resource, container: string): boolean {
  const containers = at(userDataOf(nodeClass)?.settings, "settings.bootstrap-containers");
  return at(containers, container) !== undefined;
}

function podPathOf({ type }: Resource): string {
  if (type.endsWith(":Pod")) return "spec";
  return type.endsWith(":CronJob") ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";
}
