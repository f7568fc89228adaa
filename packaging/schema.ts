import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDocumentation } from "./documentation";
import type { Documented } from "./documentation";

const root = join(__dirname, "..");

interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  homepage: string;
  keywords: string[];
  repository: { url: string };
}

/** A property of the analyzer, with the fields that it leaves out. */
interface Property {
  type?: string;
  $ref?: string;
  description?: string;
  default?: string | number | boolean;
  optional?: boolean;
}
type Properties = Record<string, Property>;

export interface Schema {
  name: string;
  resources: Record<
    string,
    {
      description?: string;
      inputProperties: Properties;
      requiredInputs: string[];
      properties: Properties;
      isComponent: boolean;
    }
  >;
  types: Record<
    string,
    { description?: string; properties?: Properties; enum?: { value: string; description?: string }[] }
  >;
}

/** The schema for every Pulumi language: the result of the SDK's analyzer, and the parts that it leaves out. */
export function createSchema(): Schema & Record<string, unknown> {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const { name, version, description, license, homepage, keywords } = manifest;
  const repository = manifest.repository.url.replace(/^git\+|\.git$/g, "");
  const classes = readDocumentation(root);
  const components = new Set(Object.keys(classes).filter((one) => classes[one]?.isComponent));
  const analyzer = new Analyzer(__dirname, name, { main: "../components/index.ts" }, components);
  const found = analyzer.analyze();
  const generated = generateSchema(
    name,
    version,
    description,
    found.components,
    found.typeDefinitions,
    found.dependencies,
  ) as unknown as Schema;
  for (const [token, resource] of Object.entries(generated.resources)) {
    const documented = classes[nameOf(token)];
    resource.description = documented?.description;
    document(resource.inputProperties, classes[`${nameOf(token)}Args`]);
    document(resource.properties, documented);
  }
  for (const [token, type] of Object.entries(generated.types)) {
    const documented = classes[nameOf(token)];
    type.description = documented?.description;
    if (type.properties) document(type.properties, documented);
    for (const choice of type.enum ?? [])
      choice.description = documented?.members.find(({ value }) => value === choice.value)?.description;
  }
  return {
    ...generated,
    displayName: "EKS fast disks",
    publisher: new URL(repository).pathname.split("/")[1],
    license,
    homepage,
    repository,
    keywords,
    // `pulumi package add` and the engine fetch the plugin from the repository's tag of this version.
    pluginDownloadURL: repository.replace(/^https:/, "git:"),
  };
}

function nameOf(token: string): string {
  return token.split(":")[2] ?? "";
}

function document(properties: Properties, documented: Documented | undefined): void {
  for (const [key, property] of Object.entries(properties)) {
    const member = documented?.members.find(({ name }) => name === key);
    const fallback = member?.fallback === undefined ? [] : [`Default: ${member.fallback.replace(/^- /, "")}.`];
    property.description = [...(member?.description ? [member.description] : []), ...fallback].join("\n\n");
    const value = literalOf(member?.fallback);
    if (value !== undefined) property.default = value;
  }
}

/** A default that every language can state; others are behaviour. */
function literalOf(fallback = "- none"): string | number | boolean | undefined {
  if (fallback.startsWith("- ")) return undefined;
  const value: unknown = JSON.parse(fallback);
  return typeof value === "object" ? undefined : (value as string | number | boolean);
}

if (require.main === module) writeFileSync(join(root, "schema.json"), `${JSON.stringify(createSchema(), null, 2)}\n`);
