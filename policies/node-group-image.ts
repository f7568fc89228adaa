import { stackPolicy } from "./policy";
import { at, show } from "./value";

export const nodeGroupImage = stackPolicy({
  name: "node-group-image",
  severity: "high",
  description:
    "The launch template of a managed node group names no image: with one, EKS merges nothing into the user data, and nodes never join.",
  remedy: "leave imageId out and set the node group's amiType and releaseVersion",
  kinds: ["nodeGroup"],
  faults: (resources) =>
    resources("launchTemplate").flatMap((resource) => {
      const image = at(resource.props, "imageId");
      const names = [at(resource.props, "id"), at(resource.props, "name")].filter((one) => typeof one === "string");
      const used = resources("nodeGroup").some(({ props, dependencies }) => {
        const named = [at(props, "launchTemplate.id"), at(props, "launchTemplate.name")];
        return dependencies.includes(resource.urn) || named.some((one) => names.includes(one as string));
      });
      if (typeof image !== "string" || image === "" || !used) return [];
      return [{ resource, fault: `imageId must be unset for a node group, got ${show(image)}` }];
    }),
});
