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
 * EC2 takes 16 KiB before base64 (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html);
 * 3 KiB of it stay free for what EKS and Karpenter add: endpoint, certificate, labels and taints.
 */
const maximumBytes = 13 * 1024;

/** What the OS's own defaults get from us on every node. */
const defaults: BottlerocketSettingsSpec = { hostContainers: { control: { enabled: true } } };

/**
 * Errors that only the merged layers have, the cluster-wide one first: those of a layer by itself are
 * `validateBottlerocketSettings`'. `path` is that of the uppermost layer of the user.
 */
export function validateMergedSettings(layers: BottlerocketSettingsSpec[], path: string, consumer: Consumer): string[] {
  return [
    ...check(path, [() => newErrors(layers, consumer)]),
    ...check("", [() => isTooLong(layers) && !isTooLong(layers.slice(0, -1)) && `${path}: ${errorOfSize(layers)}`]),
  ];
}

/** Errors of the settings of a pool or a node group, by themselves and over the cluster-wide ones. */
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

/** What a component's nodes are given of Bottlerocket. */
export interface NodeSettingsSpec {
  bottlerocketVersion: string;
  clusterSettings?: BottlerocketSettingsSpec;
  bottlerocket?: BottlerocketSettingsSpec;
}

/** Errors of everything that a component is told of its nodes' Bottlerocket. */
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

/** User data in TOML of the defaults and the given layers, later ones win. */
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
  return `user data is ${bytes} bytes, at most ${maximumBytes} fit beside what EC2's 16 KiB must also hold; shorten it`;
}
