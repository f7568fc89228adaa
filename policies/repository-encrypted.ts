import { resourcePolicy, setting } from "./policy";
import { at, isWhole, listOf, must, oneOf } from "./value";

export const repositoryEncrypted = resourcePolicy({
  name: "repository-encrypted",
  severity: "low",
  description:
    "An image repository states how it is encrypted: it cannot be changed later without losing the images that nodes boot with.",
  remedy: "state encryptionConfigurations, with encryptionType AES256 or KMS",
  kinds: ["repository"],
  config: { types: setting.texts(["AES256", "KMS", "KMS_DSSE"], "encryption types of repositories") },
  faults: ({ props }, { types }) => {
    const stated = at(props, "encryptionConfigurations");
    if (isWhole(stated) && listOf(stated).length === 0) return ["encryptionConfigurations must be stated, got nothing"];
    const [first = {}] = listOf(stated) as object[];
    return must({ first: first as never }, "first.encryptionType", `be ${types.join(" or ")}`, oneOf(...types));
  },
});
