import * as toml from "@iarna/toml";
import { bottlerocketVersionError } from "../versions";
import type { BottlerocketSettingsSpec } from "./bottlerocket";
import type { Consumer } from "./bottlerocket-checks";
import { incompleteSettings } from "./bottlerocket-completeness";
import { isToml } from "./bottlerocket-form";
import { renderBottlerocket, settingsOf } from "./bottlerocket-table";
import { validateBottlerocketSettings } from "./bottlerocket-validation";
import { check, checkPart, join, notKnown } from "./validation";

/**
 * EC2 allows 16 KiB before base64 (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html);
 * EKS and Karpenter need 3 KiB of this for the endpoint, a certificate, labels and taints.
 */
const maximumBytes = 13 * 1024;

/** Settings of every node that differ from the OS's defaults. */
const defaults: BottlerocketSettingsSpec = { hostContainers: { control: { enabled: true } } };

/**
 * Errors that only the merged layers have, the cluster-wide layer first. `validateBottlerocketSettings` finds the errors of a
 * single layer. `path` is the path of the uppermost layer.
 */
export function validateMergedSettings(layers: BottlerocketSettingsSpec[], path: string, consumer: Consumer): string[] {
  return [
    ...check(path, [() => newErrors(layers, consumer)]),
    ...check("", [() => isTooLong(layers) && !isTooLong(layers.slice(0, -1)) && `${path}: ${errorOfSize(layers)}`]),
  ];
}

/** Errors of the settings of a pool or a node group, alone and merged with the cluster-wide ones. */
export function validateOwnSettings(
  part: { bottlerocket?: BottlerocketSettingsSpec },
  cluster: { bottlerocketVersion: string; clusterSettings?: BottlerocketSettingsSpec },
  path: string,
  consumer: Consumer,
): string[] {
  const at = join(path, "bottlerocket");
  return [
    ...checkPart(
      () => part.bottlerocket,
      (settings) =>
        validateBottlerocketSettings(settings, at, {
          consumers: [consumer],
          version: () => cluster.bottlerocketVersion,
          overrides: true,
        }),
      at,
    ),
    ...check("", [
      () => validateMergedSettings([cluster.clusterSettings ?? {}, part.bottlerocket ?? {}], at, consumer),
    ]),
  ];
}

/** A component's arguments for Bottlerocket on its nodes. */
export interface NodeSettingsSpec {
  bottlerocketVersion: string;
  clusterSettings?: BottlerocketSettingsSpec;
  bottlerocket?: BottlerocketSettingsSpec;
}

/** Errors of a component's arguments for Bottlerocket. */
export function validateNodeSettings(spec: NodeSettingsSpec, path: string, consumer: Consumer): string[] {
  return [
    ...validateOwnSettings(spec, spec, path, consumer),
    ...checkPart(
      () => spec.clusterSettings,
      (settings, at) =>
        validateBottlerocketSettings(settings, at, { consumers: [consumer], version: () => spec.bottlerocketVersion }),
      join(path, "clusterSettings"),
    ),
    ...check(path, [
      () => {
        const error = bottlerocketVersionError(spec.bottlerocketVersion);
        return error !== undefined && `bottlerocketVersion: ${error}`;
      },
    ]),
  ];
}

/** User data in TOML of the defaults and the given layers; later layers override earlier ones. */
export function renderUserData(layers: BottlerocketSettingsSpec[]): string {
  return toml.stringify({ settings: renderBottlerocket([defaults, ...layers]) });
}

function newErrors(layers: BottlerocketSettingsSpec[], consumer: Consumer): string[] {
  return incompleteSettings(layers, [consumer])
    .filter(({ layer }) => layer > 0)
    .map(({ error }) => error);
}

function isTooLong(layers: BottlerocketSettingsSpec[]): boolean {
  const values = layers.flatMap(settingsOf).map(({ value }) => value);
  if (!values.every((value) => value !== notKnown && isToml(value))) return false;
  return Buffer.byteLength(renderUserData(layers)) > maximumBytes;
}

function errorOfSize(layers: BottlerocketSettingsSpec[]): string {
  const bytes = Buffer.byteLength(renderUserData(layers));
  return `user data must be at most ${maximumBytes} bytes, the rest of EC2's 16 KiB is for EKS and Karpenter, got ${bytes}; shorten it`;
}
