import { nameOf } from "./resource";
import type { Resource } from "./resource";
import { isSame, merged, partOf, textOf } from "./value";

/** Whether an object of Karpenter is of the API that every release since 1.1 serves. */
export function isServed({ type, props }: Resource): boolean {
  return /\/v1:[^:]*$/.test(type) && /^$|\/v1$/.test(textOf(props, "apiVersion"));
}

/** Karpenter's objects of that API; a patch counts as what it makes of another object, which may not be in the stack. */
export function servedOf(objects: Resource[]): Resource[] {
  const served = objects.filter(isServed);
  const patches = served.filter(isPatch);
  const whole = served.filter((one) => !isPatch(one));
  const patched = patches.map((patch) => {
    const base = whole.find((one) => isSame(nameOf(one), nameOf(patch)));
    return { ...patch, props: base ? merged(base.props, patch.props) : partOf(patch.props) };
  });
  return [...whole.filter((one) => !patches.some((patch) => isSame(nameOf(patch), nameOf(one)))), ...patched];
}

export function isPatch({ type }: Resource): boolean {
  return type.endsWith("Patch");
}
