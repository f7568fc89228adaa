import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component's child. Pulumi hands providers, protection, transforms and aliases down by itself, but not what
 * the component depends on.
 */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
  own: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions({ parent, dependsOn: opts?.dependsOn }, own);
}
