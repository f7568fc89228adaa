import * as pulumi from "@pulumi/pulumi";
import { throwErrors } from "./check";

/** The first value that the stack had; later ones are recorded only. */
export function first<T>(
  name: string,
  value: pulumi.Input<T>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<T> {
  return new pulumi.Stash(name, { input: value }, options).output as pulumi.Output<T>;
}

/**
 * A value that cannot change while the resource that it decides exists: preview refuses any other value than the first one,
 * before anything is changed. The returned Output resolves after this check.
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
        `${key}: cannot change while the cluster lives, was "${was}", got "${now}"; ` +
          "make a second stack, move the workloads, then destroy this one; docs/changes.md tells how",
      ]);
    return now;
  });
}

/** A number that may grow and shrink again, but not below the first one. */
export function notBelowFirst(
  parent: pulumi.ComponentResource,
  name: string,
  key: string,
  value: number,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<number> {
  return first(name, value, options).apply((was) => {
    if (value < was)
      throwErrors(parent, [`${key}: must be ${was} or more while the cluster lives, the first value, got ${value}`]);
    return value;
  });
}
