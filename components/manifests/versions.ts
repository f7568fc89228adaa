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
 * Bottlerocket with that variant (its release notes; for 1.36 the first in which it was seen). Bottlerocket 1.66 has
 * dropped everything before 1.31.
 */
const firstVersions: Record<string, { karpenter: string; bottlerocket: string }> = {
  "1.31": { karpenter: "1.1.0", bottlerocket: "1.22.0" },
  "1.32": { karpenter: "1.2.0", bottlerocket: "1.30.0" },
  "1.33": { karpenter: "1.5.0", bottlerocket: "1.39.0" },
  "1.34": { karpenter: "1.6.0", bottlerocket: "1.47.0" },
  "1.35": { karpenter: "1.9.0", bottlerocket: "1.53.0" },
  "1.36": { karpenter: "1.13.0", bottlerocket: "1.66.0" },
};

/** Parts of four digits at most: the alias of an AMI, `bottlerocket@v…`, ends after 30 characters. */
const versionPattern = /^(0|[1-9]\d{0,3})(\.(0|[1-9]\d{0,3})){2}$/;

/** Karpenter 1.14 is the release whose API and values are rendered here; older ones lack fields, newer are unseen. */
const renderedKarpenter = /^1\.14\.\d+$/;

export function validateVersions(versions: Versions): string[] {
  const faults: string[] = [];
  for (const part of ["karpenter", "bottlerocket"] as const)
    if (!versionPattern.test(versions[part]))
      faults.push(`${part}.version: must be X.Y.Z without a "v", got "${versions[part]}"`);
  if (faults.length > 0) return faults;
  if (!renderedKarpenter.test(versions.karpenter))
    faults.push(
      `karpenter.version: must be 1.14.x, the release these manifests are written for, got "${versions.karpenter}"`,
    );
  const first = firstVersions[versions.kubernetes];
  if (!first)
    return [
      ...faults,
      `cluster.kubernetesVersion: must be one of ${Object.keys(firstVersions).join(", ")}, got "${versions.kubernetes}"`,
    ];
  for (const part of ["karpenter", "bottlerocket"] as const)
    if (compareVersions(versions[part], first[part]) < 0)
      faults.push(
        `${part}.version: kubernetes ${versions.kubernetes} needs ${first[part]} or newer, got "${versions[part]}"; raise it or lower kubernetes`,
      );
  return faults;
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number)) as [number[], number[]];
  return a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
