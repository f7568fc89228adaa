import { Aws } from "../engine/aws";
import { Docker } from "../engine/docker";
import { Kubernetes } from "../engine/kubernetes";
import type { Cloud } from "../engine/provider";
import { World } from "../engine/world";
import type { Answers, Made, Registration, Values } from "./monitor";
import { referenceTo, unknownValue } from "./monitor";

/** Answers of AWS and Kubernetes; in a first preview nothing that only they know is known. */
export class Providers implements Answers {
  private readonly world = new World();
  private readonly clouds: Record<string, Cloud>;

  /**
   * `remembered`: what the stack was first given, by name of its Stash, where it is not what it is given now. `folder`: where
   * the program runs.
   */
  constructor(
    private readonly known: boolean,
    private readonly remembered: Record<string, unknown> = {},
    folder = process.cwd(),
  ) {
    this.clouds = {
      aws: new Aws(this.world),
      docker: new Docker(this.world, folder),
      kubernetes: new Kubernetes(this.world),
    };
  }

  register({ type, name, urn }: Registration, inputs: Values): Made {
    if (type !== "eks:index:Cluster") return this.make(type, name, inputs);
    const controlPlane = "aws:eks/cluster:Cluster";
    const { id, outputs: state } = this.make(controlPlane, `${name}-eksCluster`, {
      name: inputs.name,
      vpcConfig: { subnetIds: inputs.privateSubnetIds },
    });
    const child = { urn: `${urn}$${controlPlane}::${name}-eksCluster`.replace(`::${name}$`, "$"), id, state };
    const kubeconfigJson = this.known
      ? JSON.stringify({ clusters: [{ cluster: { server: state.endpoint } }] })
      : unknownValue;
    return { id: "", outputs: { eksCluster: referenceTo(child.urn, id), kubeconfigJson }, children: [child] };
  }

  invoke(token: string, args: Values): Values {
    const answers = this.clouds.aws?.invoke(token, args) ?? {};
    return this.known ? answers : Object.fromEntries(Object.keys(answers).map((key) => [key, unknownValue]));
  }

  private make(type: string, name: string, inputs: Values): Made {
    // The engine's own: hands back the first value that it was given.
    if (type === "pulumi:index:Stash")
      return { id: name, outputs: { input: inputs.input, output: this.remembered[name] ?? inputs.input } };
    const cloud = this.clouds[type.split(":")[0] ?? ""];
    if (!cloud) return { id: this.known ? name : unknownValue, outputs: inputs };
    const on = { type, name, suffix: "0123456", config: {} };
    const checked = cloud.check(on, inputs, undefined);
    if (!this.known) return { id: unknownValue, outputs: cloud.plan(on, checked, undefined) };
    // What a cluster accepts is the engine's test.
    return type.startsWith("kubernetes:") ? { id: name, outputs: checked } : cloud.create(on, checked);
  }
}
