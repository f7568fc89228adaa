import { nameOf } from "./resource";
import type { Resource } from "./resource";
import { isSame, merged, partOf, textOf } from "./value";

/** Whether a Karpenter object has the API version that all releases since 1.1 serve. */
export function isServed({ type, props }: Resource): boolean {
  return /\/v1:[^:]*$/.test(type) && /^$|\/v1$/.test(textOf(props, "apiVersion"));
}

/** Karpenter objects of that API version; a patch counts as the patched object, which may be outside the stack. */
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
