import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Graph, Resource } from "./graph";
import type { Report } from "./report";
import { aboutFile, isPlan, planFormat, saveResource } from "./saved-plan";
import type { About } from "./saved-plan";

/** Inputs that are JSON documents of AWS, with the word in their file's name. */
const documents: Record<string, string> = { policy: "policy", assumeRolePolicy: "trust", eventPattern: "pattern" };

/** The plan's files, by path: everything that AWS, Kubernetes or Helm will receive. */
export function filesOf(graph: Graph, report: Report, text: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const resource of graph.resources) {
    const { name, type, inputs } = resource;
    if (isRelease(resource)) files.set(`helm/${name}.yaml`, yaml(releaseOf(resource)));
    else if (isObject(resource)) files.set(`kubernetes/${name}.yaml`, yaml(objectOf(resource)));
    const userData = userDataOf(resource);
    if (userData !== undefined) files.set(`user-data/${name}.toml`, userData);
    if (type.startsWith("aws:"))
      for (const [input, word] of Object.entries(documents))
        if (typeof inputs[input] === "string")
          files.set(`policies/${name}.${word}.json`, json(JSON.parse(inputs[input])));
  }
  files.set("resources.json", json(graph.resources.map(saveResource)));
  const about: About = { format: planFormat, stack: report.stack };
  files.set(aboutFile, json(about));
  files.set("outputs.json", json(graph.outputs));
  files.set("placeholders.json", json(report.placeholders));
  files.set("plan.txt", text);
  return files;
}

/** Replaces the folder's content; refuses a folder that is not a plan. */
export function writeFiles(out: string, files: Map<string, string>): void {
  if (existsSync(out) && readdirSync(out).length > 0 && !isPlan(out))
    throw new Error(`--out ${out}: the folder is not empty and has no plan; use another folder`);
  rmSync(out, { recursive: true, force: true });
  for (const [path, content] of files) {
    const file = join(out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function isRelease({ type }: Resource): boolean {
  return type === "kubernetes:helm.sh/v3:Release";
}

export function isObject({ type, inputs }: Resource): boolean {
  return type.startsWith("kubernetes:") && typeof inputs.kind === "string" && typeof inputs.apiVersion === "string";
}

/** The object as the API server receives it, with the name that Pulumi would give. */
export function objectOf({ inputs, outputs }: Resource): Record<string, unknown> {
  const { apiVersion, kind, metadata, ...rest } = inputs;
  const { name } = outputs.metadata as { name: string };
  return { apiVersion, kind, metadata: { ...(metadata as object | undefined), name }, ...rest };
}

function releaseOf({ inputs, outputs }: Resource): object {
  const { chart, version, repositoryOpts, namespace, values } = inputs;
  return { name: outputs.name, chart, version, ...(repositoryOpts as object | undefined), namespace, values };
}

function userDataOf({ type, inputs }: Resource): string | undefined {
  if (type === "aws:ec2/launchTemplate:LaunchTemplate")
    return Buffer.from(String(inputs.userData), "base64").toString("utf8");
  return (inputs.spec as { userData?: string } | undefined)?.userData;
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
