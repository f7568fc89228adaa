import { isOf } from "./kinds";
import { resourcePolicy } from "./policy";
import { at, must, oneOf } from "./value";

export const nodeMetadataImdsv2 = resourcePolicy({
  name: "node-metadata-imdsv2",
  severity: "high",
  description:
    "Nodes answer metadata requests by IMDSv2 and to themselves only: with IMDSv1 or a second hop, a pod gets the credentials of its node.",
  remedy: "set metadataOptions to httpTokens required and httpPutResponseHopLimit 1",
  kinds: ["nodeClass", "launchTemplate"],
  faults: (resource) => {
    const inClass = isOf("nodeClass", resource);
    const path = inClass ? "spec.metadataOptions" : "metadataOptions";
    // Karpenter's defaults, where nothing is stated, are the ones required here.
    if (inClass && at(resource.props, path) === undefined) return [];
    return [
      ...must(resource.props, `${path}.httpTokens`, "be required", oneOf("required", inClass ? undefined : "required")),
      ...must(resource.props, `${path}.httpPutResponseHopLimit`, "be 1", oneOf(1, inClass ? undefined : 1)),
    ];
  },
});
