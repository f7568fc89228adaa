import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { createImage } from "./image";
import { validateBootImageArgs } from "./manifests/boot-image";
import type { BootImageArgs } from "./manifests/boot-image";

/**
 * The bootstrap container's image, built from `bootstrap/` for linux/arm64 and pushed to its own repository, or a ready-made
 * one. Preview needs no Docker daemon; `up` does.
 *
 *     const { reference } = new BootImage("image", {});
 */
export class BootImage extends pulumi.ComponentResource {
  /** The image by digest, `registry/name@sha256:…`. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: BootImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:BootImage", name, args, opts);
    const checked = checkArgs(this, args, validateBootImageArgs);
    const content = { folder: "bootstrap", files: [".dockerignore", "Dockerfile", "fast-disks.sh"] };
    this.reference = createImage(name, content, checked, childOptions(this, opts));
    this.registerOutputs({ reference: this.reference });
  }
}
