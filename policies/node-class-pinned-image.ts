import { resourcePolicy } from "./policy";
import { at, isTable, isWhole, listOf, show } from "./value";

export const nodeClassPinnedImage = resourcePolicy({
  name: "node-class-pinned-image",
  severity: "critical",
  description:
    "An EC2NodeClass names one release of its image: with latest, each release by AWS is drift and replaces nodes that hold data.",
  remedy: "pin the alias, as in bottlerocket@v1.66.0",
  kinds: ["nodeClass"],
  faults: ({ props }) => {
    const terms = at(props, "spec.amiSelectorTerms");
    const loose = listOf(terms).filter((term) => {
      const alias = at(term, "alias");
      const id = at(term, "id");
      const pinned = typeof alias === "string" ? /^[a-z0-9]+@v\d+\.\d+\.\d+$/.test(alias) : typeof id === "string";
      return isTable(term) && !pinned && isWhole(alias) && isWhole(id);
    });
    if (isWhole(terms) && listOf(terms).length === 0) loose.push(terms);
    return loose.map((term) => `spec.amiSelectorTerms must pin a release, got ${show(term)}`);
  },
});
