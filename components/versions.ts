/** Releases that this package is written for and tested with. */
export const versions = {
  /** Chart of the local static provisioner, and the tag of its image. */
  provisionerChart: "2.9.0",
  provisionerImage: "registry.k8s.io/sig-storage/local-volume-provisioner:v2.9.0",
  nodeCleanupImage: "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
} as const;

/** Addresses of the charts. */
export const charts = {
  provisioner: "https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner",
  karpenter: "oci://public.ecr.aws/karpenter/karpenter",
  karpenterDefinitions: "oci://public.ecr.aws/karpenter/karpenter-crd",
} as const;

/** The three versions that have to fit together. */
export interface Versions {
  /** Kubernetes minor version, for example `1.35`. */
  kubernetes: string;
  /** Karpenter, for example `1.14.0`. */
  karpenter: string;
  /** Bottlerocket, for example `1.66.0`. */
  bottlerocket: string;
}

/**
 * Per Kubernetes version the first Karpenter (https://karpenter.sh/docs/upgrading/compatibility/) and the first
 * Bottlerocket with that variant (its release notes).
 */
const firstVersions: Record<string, { karpenter: string; bottlerocket: string }> = {
  "1.31": { karpenter: "1.1.0", bottlerocket: "1.22.0" },
  "1.32": { karpenter: "1.2.0", bottlerocket: "1.30.0" },
  "1.33": { karpenter: "1.5.0", bottlerocket: "1.39.0" },
  "1.34": { karpenter: "1.6.0", bottlerocket: "1.47.0" },
  "1.35": { karpenter: "1.9.0", bottlerocket: "1.53.0" },
  "1.36": { karpenter: "1.13.0", bottlerocket: "1.61.0" },
};

export const kubernetesVersions = Object.keys(firstVersions);

/** Karpenter 1.14 is the release whose objects and values are rendered here. */
const renderedKarpenter = /^1\.14\.\d+$/;

/** Parts of four digits at most: the alias of an AMI, `bottlerocket@v…`, may have 30 characters. */
const versionPattern = /^(0|[1-9]\d{0,3})(\.(0|[1-9]\d{0,3})){2}$/;

/** What is wrong with a Bottlerocket version. */
export function bottlerocketVersionError(version: string): string | undefined {
  return versionPattern.test(version) ? undefined : `must be X.Y.Z without a "v", got "${version}"`;
}

/** What is wrong with a Karpenter version. */
export function karpenterVersionError(version: string): string | undefined {
  if (!versionPattern.test(version)) return `must be X.Y.Z without a "v", got "${version}"`;
  if (renderedKarpenter.test(version)) return undefined;
  return `must be 1.14.x, the release that these manifests are written for, got "${version}"`;
}

/** What is wrong with a Kubernetes version. */
export function kubernetesVersionError(version: string): string | undefined {
  if (kubernetesVersions.includes(version)) return undefined;
  const minor = /^v?(\d+\.\d+)(\.\d+)?$/.exec(version)?.[1] ?? "";
  const fix = kubernetesVersions.includes(minor) ? `; write "${minor}"` : "";
  return `must be one of ${kubernetesVersions.join(", ")}, got "${version}"${fix}`;
}

/** What is wrong with the version of Karpenter or Bottlerocket for a Kubernetes version. */
export function compatibilityError(part: "karpenter" | "bottlerocket", all: Versions): string | undefined {
  const first = firstVersions[all.kubernetes]?.[part];
  if (first === undefined || !versionPattern.test(all[part]) || compareVersions(all[part], first) >= 0)
    return undefined;
  return `must be ${first} or newer for Kubernetes ${all.kubernetes}, got "${all[part]}"; raise it or lower cluster.kubernetesVersion`;
}

/** Negative if the left version is older. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number)) as [number[], number[]];
  return a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
