import * as pulumi from "@pulumi/pulumi";

/** Throws all faults of a component's arguments at once; does nothing where there are none. */
export function fail(resource: pulumi.Resource, faults: string[]): void {
  if (faults.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: `${pulumi.resourceName(resource)}: ${faults.join("; ")}`,
    errors: faults.map((fault) => {
      const [propertyPath = "", ...reason] = fault.split(": ");
      return { propertyPath, reason: reason.join(": ") };
    }),
  });
}
