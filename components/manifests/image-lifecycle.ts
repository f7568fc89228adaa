/**
 * Expires untagged images only: a node pulls its boot image again at every boot, so a tagged one may be needed as long
 * as any node that started with it (https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html).
 */
export const imageLifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: "expire untagged images after 14 days",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};
