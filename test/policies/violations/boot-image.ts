import { foundBy } from "./mutation";

const lifecycle = (...selections: object[]) =>
  JSON.stringify({ rules: selections.map((selection, index) => ({ rulePriority: index + 1, selection })) });
const native = (change: object) => ({
  repository: {
    type: "aws-native:ecr:Repository",
    props: {
      repositoryName: "boot",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "KMS" },
      lifecyclePolicy: { lifecyclePolicyText: lifecycle({ tagStatus: "untagged" }) },
      ...change,
    },
  },
  lifecycle: undefined,
});

export const bootImage = [
  ...foundBy(
    "repository-lifecycle",
    [
      "must expire untagged images only",
      { "lifecycle.policy": lifecycle({ tagStatus: "untagged" }, { tagStatus: "any" }) },
    ],
    [
      "must expire untagged images only",
      { "lifecycle.policy": lifecycle({ tagStatus: "tagged", tagPrefixList: ["v"] }) },
    ],
    ["must expire nothing while tags are mutable", { "repository.imageTagMutability": "MUTABLE" }],
    ["must expire nothing while tags are mutable", { "repository.imageTagMutability": undefined }],
    ["must expire nothing while tags are mutable", native({ imageTagMutability: "MUTABLE" })],
    ["its lifecycle policy must be JSON", { "lifecycle.policy": "{" }],
    ["its lifecycle policy must be JSON", { "lifecycle.policy": "null" }],
    [
      "must expire untagged images only",
      native({ lifecyclePolicy: { lifecyclePolicyText: lifecycle({ tagStatus: "any" }) } }),
    ],
  ),
  ...foundBy(
    "repository-scanned",
    ["scanOnPush must be true, got false", { "repository.imageScanningConfiguration.scanOnPush": false }],
    ["scanOnPush must be true, got nothing", { "repository.imageScanningConfiguration": undefined }],
  ),
  ...foundBy(
    "repository-encrypted",
    [
      "encryptionConfigurations.0.encryptionType must be AES256 or KMS or KMS_DSSE, got nothing",
      { "repository.encryptionConfigurations": undefined },
    ],
    ["encryptionConfiguration.encryptionType must be AES256", native({ encryptionConfiguration: undefined })],
  ),
];
