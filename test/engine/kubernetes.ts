import { refuseDeletion, refuseObject, refusePatch, settle } from "./kubernetes-rules";
import type { Cloud, Difference, Known, Target } from "./provider";
import { hasUnknown } from "./provider";
import type { Values } from "./values";
import { asList, asObject, asText, differences, isBelow, unknown } from "./values";
import type { KubernetesObject, World } from "./world";

const autoNamed = "pulumi.com/autonamed";

/** What @pulumi/kubernetes replaces rather than patches, by kind (`forceNew` in its source). */
const forceNew: Record<string, string[] | undefined> = {
  StorageClass: ["parameters", "provisioner"],
  Deployment: ["spec.selector"],
  ClusterRoleBinding: [],
};

/** Kubernetes as its provider shows it, and Karpenter in it. Objects of a cluster that is gone cannot be reached. */
export class Kubernetes implements Cloud {
  constructor(private readonly world: World) {}

  check(target: Target, inputs: Values, before: Values | undefined): Values {
    if (target.type.endsWith(":Release")) {
      const old = before && asList(before.__defaults).includes("name") ? before.name : undefined;
      if (inputs.name !== undefined) return inputs;
      return { ...inputs, name: old ?? `${target.name}-${target.suffix}`, __defaults: ["name"] };
    }
    const metadata = asObject(inputs.metadata);
    if (metadata.name !== undefined) return inputs;
    const old = asObject(before?.metadata);
    const name = asObject(old.annotations)[autoNamed] === "true" ? old.name : undefined;
    const annotations = { ...asObject(metadata.annotations), [autoNamed]: "true" };
    return { ...inputs, metadata: { ...metadata, annotations, name: name ?? `${target.name}-${target.suffix}` } };
  }

  diff({ type }: Target, before: Values, after: Values): Difference {
    const changed = differences(before, after);
    const release = type.endsWith(":Release");
    const identity = release ? ["name", "namespace"] : ["metadata.name", "metadata.namespace", "kind", "apiVersion"];
    const prefixes = [...identity, ...(forceNew[kindOf(type, after)] ?? [])];
    const replaces = changed.filter((path) => prefixes.some((prefix) => isBelow(path, prefix)));
    const [old, next] = [before, after].map((it) => (release ? it.name : asObject(it.metadata).name));
    const stated = release
      ? !asList(after.__defaults).includes("name")
      : asObject(asObject(after.metadata).annotations)[autoNamed] !== "true";
    return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && stated && old === next };
  }

  diffConfig(before: Values, after: Values): Difference {
    const changed = differences(before, after).filter((key) => before[key] !== undefined && after[key] !== undefined);
    // A kubeconfig that is not known yet may be another cluster's.
    const unsure = ["kubeconfig", "context", "cluster"].filter((key) => hasUnknown(after[key]));
    return {
      changed,
      replaces: [...changed.filter((key) => key === "clusterIdentifier"), ...unsure],
      deleteBeforeReplace: false,
    };
  }

  plan({ type }: Target, inputs: Values): Values {
    return type.endsWith(":Release") ? { ...inputs, status: unknown } : inputs;
  }

  create({ type, config }: Target, inputs: Values): { id: string; outputs: Values } {
    if (hasUnknown(inputs)) throw new Error(`${type}: an input is unknown during up`);
    const made = objectOf(this.clusterOf(config), type, inputs);
    refuseObject(this.world, made);
    this.world.objects.push(made);
    settle(this.world, made);
    return {
      id: made.namespace ? `${made.namespace}/${made.name}` : made.name,
      outputs: outputsOf(type, inputs, made),
    };
  }

  update({ type, config }: Target, _: string, inputs: Values): Values {
    const next = objectOf(this.clusterOf(config), type, inputs);
    const object = this.find(next);
    if (!object) throw new Error(`${next.kind} "${next.name}" not found`);
    refusePatch(this.world, object, next);
    object.object = next.object;
    return outputsOf(type, inputs, next);
  }

  delete({ type, config }: Target, _: string, inputs: Values): void {
    const gone = objectOf(this.clusterOf(config), type, inputs);
    const object = this.find(gone);
    if (!object) return;
    refuseDeletion(this.world, object);
    this.world.removeObjects((it) => it === object);
    if (gone.kind === "Namespace")
      this.world.removeObjects((it) => it.cluster === gone.cluster && it.namespace === gone.name);
  }

  read({ type, config }: Target, _: string, known: Known): Known | undefined {
    return this.find(objectOf(this.clusterOf(config), type, known.inputs)) && known;
  }

  invoke(token: string): Values {
    throw new Error(`the placeholder Kubernetes has no answer to ${token}`);
  }

  private find({ cluster, kind, namespace, name }: KubernetesObject): KubernetesObject | undefined {
    return this.world.kind(cluster, kind).find((object) => object.namespace === namespace && object.name === name);
  }

  /** The cluster that the kubeconfig of the provider points at. */
  private clusterOf(config: Values): string {
    const kubeconfig = JSON.parse(asText(config.kubeconfig) || "{}") as {
      clusters?: { cluster: { server: string } }[];
    };
    const server = kubeconfig.clusters?.[0]?.cluster.server ?? "";
    const found = this.world.all("aws:eks/cluster:Cluster").find(({ outputs }) => outputs.endpoint === server);
    if (!found) throw new Error(`configured Kubernetes cluster is unreachable: ${server || "no kubeconfig"}`);
    return found.id;
  }
}

function kindOf(type: string, inputs: Values): string {
  return asText(inputs.kind) || (type.split(":").pop() ?? "");
}

function objectOf(cluster: string, type: string, inputs: Values): KubernetesObject {
  const kind = kindOf(type, inputs);
  const { name, namespace } = kind === "Release" ? inputs : asObject(inputs.metadata);
  return { cluster, kind, name: asText(name), namespace: asText(namespace), object: inputs };
}

function outputsOf(type: string, inputs: Values, { name, namespace }: KubernetesObject): Values {
  return type.endsWith(":Release") ? { ...inputs, status: { status: "deployed", name, namespace } } : inputs;
}
