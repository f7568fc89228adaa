import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ImageSourceArgs } from "./manifests/image";
import { resourceName } from "./resource-name";

/** An image that this package builds: its folder, and the files in it that the image contains. */
export interface ImageContent {
  folder: string;
  files: string[];
}

interface ImageArgs extends ImageSourceArgs {
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Reference of an image by digest: the ready-made one, or one that is built for linux/arm64 and pushed to its own
 * repository. Preview needs no Docker daemon; `up` does.
 */
export function createImage(
  name: string,
  content: ImageContent,
  args: ImageArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (args.reference !== undefined) return pulumi.output(args.reference);
  const forceDelete = args.forceDelete ?? false;
  const repository = new aws.ecr.Repository(
    resourceName("repository", `${name}-repository`),
    {
      // Nodes pull by digest. An immutable tag would stop an `up` that repeats an interrupted one.
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete,
      tags: args.tags,
    },
    pulumi.mergeOptions(options, { retainOnDelete: !forceDelete }),
  );
  const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: options.parent });
  const path = folderOf(content.folder);
  const hash = hashOf(path, content.files);
  const context = relative(process.cwd(), path);
  const image = new docker.Image(
    `${name}-image-${hash}`,
    {
      imageName: pulumi.interpolate`${repository.repositoryUrl}:${hash}`,
      build: { context, dockerfile: join(context, "Dockerfile"), platform: "linux/arm64" },
      registry: { server: repository.repositoryUrl, username: login.userName, password: pulumi.secret(login.password) },
    },
    // Changed content creates a new resource. Differences between machines, such as file modes and the package's folder, must
    // not rebuild the same content, or nodes would drift.
    pulumi.mergeOptions(options, { ignoreChanges: ["build"] }),
  );
  return image.repoDigest;
}

/** A folder at the root of the clone or of the package, found from the sources and from the compiled files. */
function folderOf(name: string, above = __dirname): string {
  const found = join(above, name);
  if (existsSync(join(found, "Dockerfile"))) return found;
  if (above === dirname(above))
    throw new Error(`${name}/Dockerfile: not found above ${__dirname}; install the package again`);
  return folderOf(name, dirname(above));
}

/** Hash of the image's files. */
function hashOf(folder: string, files: string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const path = join(folder, file);
    if (!existsSync(path))
      throw new Error(`${path}: not built; run npm run bundle in a clone, or install the package again`);
    hash.update(`${file}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}
