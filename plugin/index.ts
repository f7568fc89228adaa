import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makePrintable } from "./printable";

/** Fields of `schema.json` that the plugin reads; `npm run schema` writes the file. */
interface Schema {
  version: string;
  resources: Record<string, { properties: object }>;
}
type Component = new (name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) => object;

/** Makes the components for programs in any language. It reads a finished schema: analyzing the sources takes seconds. */
class ComponentProvider implements pulumi.provider.Provider {
  readonly schema = readFileSync(join(__dirname, "../../schema.json"), "utf8");
  readonly version: string;
  private readonly resources: Schema["resources"];

  constructor() {
    const { version, resources } = JSON.parse(this.schema) as Schema;
    this.version = version;
    this.resources = resources;
  }

  async construct(name: string, type: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
    const resource = this.resources[type];
    if (!resource) throw new Error(`${type}: no such component; there are ${Object.keys(this.resources).join(", ")}`);
    // The SDKs are loaded for the first component, not for the schema.
    const components: Record<string, unknown> = await import("../components");
    const exported = components[type.split(":")[2] ?? ""];
    if (typeof exported !== "function") throw new Error(`${type}: is in the schema but not in the package`);
    const { awaitOutputs } = await import("../components/check");
    await awaitOutputs(inputs);
    const instance = new (exported as Component)(name, inputs, options) as { urn: pulumi.Output<string> } & Record<
      string,
      unknown
    >;
    const state = Object.fromEntries(Object.keys(resource.properties).map((output) => [output, instance[output]]));
    return { urn: instance.urn, state };
  }
}

/** The entry point of the plugin host, which calls what `main` of package.json exports. */
export = function serve(): Promise<void> {
  // Before the runner's own listeners, which print the error.
  process.prependListener("uncaughtException", makePrintable);
  process.prependListener("unhandledRejection", makePrintable);
  return pulumi.provider.main(new ComponentProvider(), process.argv.slice(2));
};
