import { resourcePolicy, setting } from "./policy";
import { isProvisioner, nodeSelectorOf, placementOf } from "./provisioner";
import { at, isWhole, listOf, show, textOf } from "./value";

const nodeLabels = ["eks-fast-disks/class", "karpenter.k8s.aws/instance-local-nvme", "karpenter.sh/nodepool"];

export const provisionerNodes = resourcePolicy({
  name: "provisioner-nodes",
  severity: "high",
  description:
    "The local static provisioner runs only where the disks are: it is privileged, and two classes that meet on one node make two volumes of each disk.",
  remedy: "set nodeSelector to the label of the nodes whose disks it offers",
  kinds: ["chart", "daemonSet"],
  config: { labels: setting.texts(nodeLabels, "node labels, one of which it selects by") },
  applies: isProvisioner,
  faults: (resource, { labels }) => {
    const { path, placement } = placementOf(resource);
    const required = at(placement, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
    const terms = listOf(at(required, "nodeSelectorTerms")).map((term) =>
      listOf(at(term, "matchExpressions")).map((one) => at(one, "key")),
    );
    const selected = Object.keys(nodeSelectorOf(resource)).some((key) => labels.includes(key));
    const chosen = terms.length > 0 && terms.every((keys) => keys.some((key) => labels.includes(textOf(key))));
    if (selected || chosen || !isWhole(at(placement, "nodeSelector")) || !isWhole(required)) return [];
    return [`${path}.nodeSelector must name ${labels.join(" or ")}, got ${show(at(placement, "nodeSelector"))}`];
  },
});
