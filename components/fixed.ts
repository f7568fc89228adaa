import * as pulumi from "@pulumi/pulumi";
import { throwErrors } from "./check";

/** The first value of the stack; later ones are only recorded. */
export function first<T>(
  name: string,
  value: pulumi.Input<T>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<T> {
  return new pulumi.Stash(name, { input: value }, options).output as pulumi.Output<T>;
}

/**
 * A value that cannot change while its resource exists: preview refuses any value other than the first one, before any
 * change. The returned Output resolves after this check.
 */
export function fixed(
  parent: pulumi.ComponentResource,
  name: string,
  key: string,
  value: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return pulumi.all([first(name, value, options), value]).apply(([was, now]) => {
    if (was !== now)
      throwErrors(parent, [
        `${key}: cannot change while the cluster exists, was "${was}", got "${now}"; ` +
          "create a second stack, move the workloads, then destroy this one; see docs/changes.md",
      ]);
    return now;
  });
}

/** A number that can change, but not below its first value. */
export function notBelowFirst(
  parent: pulumi.ComponentResource,
  name: string,
  key: string,
  value: number,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<number> {
  return first(name, value, options).apply((was) => {
    if (value < was)
      throwErrors(parent, [`${key}: must be ${was} or more while the cluster exists, the first value, got ${value}`]);
    return value;
  });
}
