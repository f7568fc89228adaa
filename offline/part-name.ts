import type { Resource } from "./graph";

/** Between the chain's name and that of a node group. */
const infix = "nodes-";

/** The name of a pool or a node group in the stack file: the component's name without the chain's name. */
export function partName(resource: Resource, resources: Resource[]): string {
  const component = resources.find(({ key }) => key === resource.parent);
  const chain = resources.find(({ key }) => key === component?.parent);
  const name = component?.name.slice(chain ? chain.name.length + 1 : 0) ?? resource.name;
  const isGroup = chain !== undefined && component?.type.endsWith(":DiskNodeGroup") === true;
  return isGroup && name.startsWith(infix) ? name.slice(infix.length) : name;
}
