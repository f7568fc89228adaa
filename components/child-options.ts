import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component's child. Children inherit providers, protection, transforms and aliases from Pulumi, but not the
 * component's `dependsOn`.
 */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
  own: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions({ parent, dependsOn: opts?.dependsOn }, own);
}
