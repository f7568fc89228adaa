import { be, expectAt } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import { belongs } from "./scope";
import type { Chain } from "./scope";
import { setting } from "./settings";
import { at, isTable, isUnset, listOf, oneOf, parseJson, pending, show } from "./value";
import type { Value } from "./value";

const onRepositories = rulesOn(({ repositories }) => repositories);

/** Policies on the repository that nodes boot from. */
export const bootImage: Rules = {
  "repository-lifecycle": onRepositories({
    severity: "critical",
    description:
      "The lifecycle policy of the boot image's repository expires no image that nodes pull: they pull by digest at every boot, an image becomes untagged when its tag moves, and a node whose image has expired cannot boot again.",
    remedy:
      'select tagStatus "untagged" in a repository whose imageTagMutability is IMMUTABLE, or remove the lifecycle policy',
    problems: (repository, chain) =>
      lifecyclesOf(repository, chain).flatMap((text) => {
        const document = parseJson(text);
        if (document === pending) return [];
        if (!isTable(document)) return ["its lifecycle policy must be JSON"];
        const fixed = oneOf("IMMUTABLE", pending)(at(repository.props, "imageTagMutability"));
        const what = fixed ? "untagged images only" : "nothing while tags are mutable";
        return listOf(document, "rules")
          .filter((rule) => !fixed || !oneOf("untagged", undefined, pending)(at(rule, "selection.tagStatus")))
          .map((rule) => `its lifecycle policy must expire ${what}, got ${show(at(rule, "selection"))}`);
      }),
  }),
  "repository-scanned": onRepositories({
    severity: "medium",
    advisory: true,
    description:
      "The boot image's repository scans images on push: otherwise known vulnerabilities in a program that runs as root are not reported.",
    remedy: "set imageScanningConfiguration.scanOnPush to true",
    problems: ({ props }) => expectAt(props, "imageScanningConfiguration.scanOnPush", be(true)),
    remediate: (resource, inputs) => {
      const scan = at(resource.props, "imageScanningConfiguration.scanOnPush");
      if (!isOf("repository", resource) || scan === true || scan === pending) return false;
      inputs.imageScanningConfiguration = { scanOnPush: true };
      return true;
    },
  }),
  "repository-encrypted": onRepositories({
    severity: "low",
    advisory: true,
    description:
      "The boot image's repository sets its encryption: it cannot be changed later without losing the images that nodes boot with.",
    remedy:
      "set encryptionConfigurations, with encryptionType AES256 or KMS, or add the type to repository-encrypted.types",
    settings: { types: setting.texts(["AES256", "KMS", "KMS_DSSE"], "encryption types of repositories") },
    problems: ({ props, type }, _, { types }) => {
      const path = type.startsWith("aws-native:") ? "encryptionConfiguration" : "encryptionConfigurations.0";
      return expectAt(props, `${path}.encryptionType`, be(...types));
    },
  }),
};

/** The lifecycle policies of a repository, inline or attached. */
function lifecyclesOf(repository: Resource, chain: Chain): Value[] {
  const attached = chain
    .all("repositoryLifecycle")
    .filter((one) => belongs(one, [one.props.repository], repository, chain.all("repository")));
  const own: Value = at(repository.props, "lifecyclePolicy.lifecyclePolicyText");
  const documents: Value[] = attached.map((one) => at(one.props, "policy"));
  return isUnset(own) ? documents : [own, ...documents];
}
