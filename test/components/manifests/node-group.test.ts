import { validateNodeGroup } from "../../../components/manifests/node-group";
import type { NodeGroupSpec } from "../../../components/manifests/node-group";
import { refusesEach } from "../../support/errors";

const one: NodeGroupSpec = { clusterName: "dev", subnetIds: ["subnet-01234567"], bottlerocketVersion: "1.66.0" };

describe("validateNodeGroup", () => {
  refusesEach<NodeGroupSpec & { bottlerocket?: object }>(
    (spec) => validateNodeGroup(spec, ""),
    [
      ["a version that is none", { ...one, bottlerocketVersion: "1.66" }, /^bottlerocketVersion: must be X\.Y\.Z/],
      ["tags of AWS", { ...one, tags: { "aws:x": "y" } }, /^tags\.aws:x: is reserved for AWS/],
      [
        "settings of all nodes that the OS refuses",
        { ...one, clusterSettings: { kernel: { lockdown: "none of these" } } },
        /^clusterSettings\.kernel\.lockdown: must be/,
      ],
      [
        "settings of its own that the OS refuses",
        { ...one, bottlerocket: { kernel: { lockdown: "none of these" } } },
        /^bottlerocket\.kernel\.lockdown: must be/,
      ],
    ],
  );
});
