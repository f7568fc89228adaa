import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fail } from "./fault";
import type { BootImageSpec } from "./manifests/fast-disks";
import { validateBootImage } from "./manifests/fast-disks";
import { imageLifecycle } from "./manifests/image-lifecycle";

export interface BootImageArgs extends BootImageSpec {
  /** @default - none */
  tags?: Record<string, string>;
}

// By the package's own name: sources and compiled files lie at different depths.
const folder = join(dirname(require.resolve("eks-fast-disks/package.json")), "bootstrap");

/**
 * The bootstrap container's image, built from `bootstrap/` for linux/arm64 and pushed to a repository of its own, or a
 * ready-made one. Preview needs no Docker daemon; `up` does.
 *
 *     const { reference } = new BootImage("image", {});
 */
export class BootImage extends pulumi.ComponentResource {
  /** The image by digest, `registry/name@sha256:…`. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: BootImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:BootImage", name, args, opts);
    fail(this, validateBootImage(args));
    this.reference =
      args.reference === undefined ? createImage(this, name, args).repoDigest : pulumi.output(args.reference);
    this.registerOutputs({ reference: this.reference });
  }
}

function createImage(parent: BootImage, name: string, args: BootImageArgs): docker.Image {
  const repository = new aws.ecr.Repository(
    `${name}-repository`,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: args.forceDelete ?? false,
      tags: args.tags,
    },
    { parent },
  );
  new aws.ecr.LifecyclePolicy(
    `${name}-lifecycle`,
    { repository: repository.name, policy: JSON.stringify(imageLifecycle) },
    { parent },
  );
  // Relative to the program, as far as it can be: a path of one machine would be a change on every other, and the image
  // built again under a tag that is there already.
  const inside = relative(process.cwd(), folder);
  const context = inside.startsWith("..") ? folder : inside;
  const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent });
  return new docker.Image(
    `${name}-image`,
    {
      imageName: pulumi.interpolate`${repository.repositoryUrl}:${hashOf(folder)}`,
      build: { context, dockerfile: join(context, "Dockerfile"), platform: "linux/arm64" },
      registry: { server: repository.repositoryUrl, username: login.userName, password: pulumi.secret(login.password) },
    },
    { parent },
  );
}

/** Hash of what the image is made of: the folder without its documentation. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).sort())
    if (!file.endsWith(".md"))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(folder, file)))
        .update("\0");
  return hash.digest("hex").slice(0, 16);
}
