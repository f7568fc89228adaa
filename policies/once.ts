/** Decorates a getter: each object computes its value once. */
export function once<This extends object, T>(get: (this: This) => T): (this: This) => T {
  const known = new WeakMap<This, { value: T }>();
  return function () {
    const found = known.get(this) ?? { value: get.call(this) };
    known.set(this, found);
    return found.value;
  };
}
