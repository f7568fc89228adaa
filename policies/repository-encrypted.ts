import { resourcePolicy, setting } from "./policy";
import { must, oneOf } from "./value";

export const repositoryEncrypted = resourcePolicy({
  name: "repository-encrypted",
  severity: "low",
  description:
    "An image repository states how it is encrypted: it cannot be changed later without losing the images that nodes boot with.",
  remedy: "state encryptionConfigurations, with encryptionType AES256 or KMS",
  kinds: ["repository"],
  config: { types: setting.texts(["AES256", "KMS", "KMS_DSSE"], "encryption types of repositories") },
  faults: ({ props }, { types }) =>
    must(props, "encryptionConfigurations.0.encryptionType", `be ${types.join(" or ")}`, oneOf(...types)),
});
