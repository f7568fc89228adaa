import { check } from "./check";

describe("repository-immutable", () => {
  const { refuses } = check("repository-immutable");
  it("refuses tags that move, and ECR's default", () => {
    refuses({ "repository.imageTagMutability": "MUTABLE" }, 'imageTagMutability must be IMMUTABLE, got "MUTABLE"');
    refuses({ "repository.imageTagMutability": undefined }, "got nothing");
  });
});

describe("repository-scanned", () => {
  const { refuses } = check("repository-scanned");
  it("refuses images that nobody looks into", () => {
    refuses({ "repository.imageScanningConfiguration.scanOnPush": false }, "scanOnPush must be true, got false");
    refuses({ "repository.imageScanningConfiguration": undefined }, "got nothing");
  });
});

describe("repository-encrypted", () => {
  const { refuses } = check("repository-encrypted");
  it("refuses unstated encryption, and what configuration does not allow", () => {
    refuses(
      { "repository.encryptionConfigurations": undefined },
      "encryptionConfigurations.0.encryptionType must be AES256 or KMS or KMS_DSSE, got nothing",
    );
    refuses({ "repository.encryptionConfigurations.0.encryptionType": "AES256" }, 'must be KMS, got "AES256"', {
      types: ["KMS"],
    });
  });
});

describe("repository-lifecycle", () => {
  const { refuses, keeps, judges } = check("repository-lifecycle");
  const rules = (...selections: object[]) => ({
    "lifecycle.policy": JSON.stringify({ rules: selections.map((selection) => ({ selection })) }),
  });
  it("refuses to expire images that have a tag", () => {
    const rule = "policy must expire untagged images only, got";
    refuses(
      rules({ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 }),
      `${rule} {"tagStatus":"any"`,
    );
    refuses(
      rules({ tagStatus: "untagged" }, { tagStatus: "tagged", tagPrefixList: ["v"] }),
      `${rule} {"tagStatus":"tagged"`,
    );
  });
  it("refuses a repository that only grows, and a policy that is no JSON", () => {
    refuses({ lifecycle: undefined }, "repository: must have a lifecycle policy, got none");
    refuses({ "lifecycle.policy": "{" }, "policy must be JSON");
  });
  it("does not apply without a repository", () => {
    keeps({ repository: undefined });
    judges({ repository: undefined, lifecycle: undefined }, 0);
  });
});
