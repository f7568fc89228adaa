import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { validateBootImageArgs } from "./manifests/boot-image";
import type { BootImageArgs } from "./manifests/boot-image";
import { resourceName } from "./resource-name";

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
    const checked = checkArgs(this, args, validateBootImageArgs);
    this.reference =
      checked.reference === undefined
        ? createImage(this, name, checked, childOptions(this, opts)).repoDigest
        : pulumi.output(checked.reference);
    this.registerOutputs({ reference: this.reference });
  }
}

function createImage(
  parent: BootImage,
  name: string,
  args: BootImageArgs,
  options: pulumi.CustomResourceOptions,
): docker.Image {
  const forceDelete = args.forceDelete ?? false;
  const repository = new aws.ecr.Repository(
    resourceName("repository", `${name}-repository`),
    {
      // Nodes pull by digest. A tag that could not be written again would stop an `up` that repeats an interrupted one.
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete,
      tags: args.tags,
    },
    pulumi.mergeOptions(options, { retainOnDelete: !forceDelete }),
  );
  const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent });
  const content = hashOf(folder());
  const context = relative(process.cwd(), folder());
  return new docker.Image(
    `${name}-image-${content}`,
    {
      imageName: pulumi.interpolate`${repository.repositoryUrl}:${content}`,
      build: { context, dockerfile: join(context, "Dockerfile"), platform: "linux/arm64" },
      registry: { server: repository.repositoryUrl, username: login.userName, password: pulumi.secret(login.password) },
    },
    // Other content is another resource: what differs between two machines, as file modes and the package's folder do,
    // must not build the same content again, or nodes would drift.
    pulumi.mergeOptions(options, { ignoreChanges: ["build"] }),
  );
}

/** `bootstrap/` at the root of the clone or of the package, from the sources as from the compiled files. */
function folder(above = __dirname): string {
  const found = join(above, "bootstrap");
  return existsSync(join(found, "Dockerfile")) ? found : folder(dirname(above));
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
