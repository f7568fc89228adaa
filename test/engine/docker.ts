import type { Cloud, Difference, Known, Target } from "./provider";
import { hasUnknown } from "./provider";
import type { Values } from "./values";
import { asObject, asText, differences, unknown } from "./values";
import type { World } from "./world";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Docker as its provider shows it, with a registry whose tags are immutable. */
export class Docker implements Cloud {
  /** `folder` is the program's, where relative contexts begin; `pushed` is called after each push and may throw. */
  constructor(
    private readonly world: World,
    private readonly folder: string,
    private readonly pushed: () => void = () => undefined,
  ) {}

  check(_: Target, inputs: Values): Values {
    const build = asObject(inputs.build);
    return { ...inputs, build: { ...build, contextDigest: this.digestOf(asText(build.context)) } };
  }

  diff(_: Target, before: Values, after: Values): Difference {
    // A login that is new each time is no change.
    const changed = differences(before, after).filter((path) => !path.startsWith("registry"));
    return { changed, replaces: [], deleteBeforeReplace: false };
  }

  diffConfig(before: Values, after: Values): Difference {
    return { changed: differences(before, after), replaces: [], deleteBeforeReplace: false };
  }

  plan(_: Target, inputs: Values): Values {
    return { ...inputs, repoDigest: unknown };
  }

  create(_: Target, inputs: Values): { id: string; outputs: Values } {
    const outputs = this.push(inputs);
    return { id: asText(outputs.repoDigest), outputs };
  }

  update(_: Target, __: string, inputs: Values): Values {
    return this.push(inputs);
  }

  delete(): void {
    // The provider leaves the image in the registry.
  }

  read(_: Target, __: string, known: Known): Known {
    return known;
  }

  invoke(token: string): Values {
    throw new Error(`the placeholder Docker has no answer to ${token}`);
  }

  private push(inputs: Values): Values {
    if (hasUnknown(inputs)) throw new Error("docker: an input is unknown during up");
    const image = asText(inputs.imageName);
    const repository = image.replace(/:[^:/]+$/, "");
    const known = this.world.all("aws:ecr/repository:Repository");
    const found = known.find(({ outputs }) => outputs.repositoryUrl === repository);
    if (!found) throw new Error(`denied: the repository ${repository} does not exist`);
    if (this.world.images.includes(image) && found.inputs.imageTagMutability === "IMMUTABLE")
      throw new Error(
        `tag invalid: ${image} already exists and cannot be overwritten because the repository is immutable`,
      );
    this.world.images.push(image);
    this.pushed();
    const digest = createHash("sha256")
      .update(asText(asObject(inputs.build).contextDigest))
      .digest("hex");
    return { ...inputs, repoDigest: `${repository}@sha256:${digest}` };
  }

  // As the provider: names, modes and contents.
  private digestOf(context: string): string {
    const hash = createHash("sha256");
    const root = resolve(this.folder, context);
    for (const file of readdirSync(root, { encoding: "utf8", recursive: true }).sort()) {
      const path = join(root, file);
      const stat = statSync(path);
      hash.update(`${file}\0${stat.mode.toString(8)}\0`);
      if (stat.isFile()) hash.update(readFileSync(path));
    }
    return hash.digest("hex");
  }
}
