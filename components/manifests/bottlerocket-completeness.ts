import type { BottlerocketSettingsSpec } from "./bottlerocket";
import type { Consumer } from "./bottlerocket-checks";
import { evictionSignals } from "./bottlerocket-kubernetes";
import type { Setting } from "./bottlerocket-table";
import { settingsOf } from "./bottlerocket-table";
import { suggestValue } from "./suggestion";
import { notKnown } from "./validation";

/** A setting that conflicts with others or lacks them: the uppermost layer that sets it, and the error with its key. */
export interface Incomplete {
  layer: number;
  error: string;
}

/** Settings of merged layers, later ones over earlier ones. */
interface Merged {
  /** The uppermost setting at a path, with its layer. */
  find: (...at: string[]) => { layer: number; setting: Setting } | undefined;
  /** Keys of a table; undefined while a table of one of the layers is not known. */
  names: (...at: string[]) => string[] | undefined;
}

/** Missing and conflicting settings of merged layers; rules about values that are not known yet are left out. */
export function incompleteSettings(layers: BottlerocketSettingsSpec[], consumers: Consumer[]): Incomplete[] {
  const merged = mergeSettings(layers);
  return [
    ...incompleteHostContainers(merged),
    ...(consumers.includes("karpenter") ? incompleteCommands(merged) : []),
    ...incompleteEvictionHard(merged),
    ...softWithoutGrace(merged),
    ...imageGcOutOfOrder(merged),
  ];
}

function incompleteHostContainers(merged: Merged): Incomplete[] {
  const own = ["admin", "control"];
  const others = (merged.names("host-containers") ?? []).filter((name) => !own.includes(name));
  const needed = ["enabled", "source", "superpowered"];
  return others.flatMap((name) => {
    const meant = suggestValue(own, name);
    return incompleteTable(merged, ["host-containers", name], needed, "since it is not one of Bottlerocket's own").map(
      (one) => ({ ...one, error: one.error + meant }),
    );
  });
}

function incompleteCommands(merged: Merged): Incomplete[] {
  const needed = ["commands", "mode", "essential"];
  return (merged.names("bootstrap-commands") ?? []).flatMap((name) =>
    incompleteTable(merged, ["bootstrap-commands", name], needed, "since Karpenter empties omitted fields"),
  );
}

function incompleteTable(merged: Merged, path: string[], needed: string[], why: string): Incomplete[] {
  const names = merged.names(...path);
  const missing = needed.filter((key) => names && !names.includes(key));
  if (missing.length === 0) return [];
  return at(merged, [path], `needs ${needed.join(", ")}, ${why}; add ${missing.join(", ")}`);
}

// It replaces all of kubelet's defaults: signals that are not set are off, including eviction for a full disk.
function incompleteEvictionHard(merged: Merged): Incomplete[] {
  const path = ["kubernetes", "eviction-hard"];
  const names = merged.names(...path) ?? [];
  const missing = evictionSignals.filter((signal) => !names.includes(signal));
  if (names.length === 0 || missing.length === 0) return [];
  const stated = names.map((name) => [name, merged.find(...path, name)?.setting.value] as const);
  const whole = {
    ...defaultsOfEvictionHard,
    ...Object.fromEntries(stated.filter(([, value]) => typeof value === "string")),
  };
  const list = evictionSignals.map((signal) => `${signal}: ${JSON.stringify(whole[signal])}`).join(", ");
  return at(
    merged,
    [path],
    `must set every signal, kubelet turns off the others, got ${names.join(", ")}; set { ${list} }`,
  );
}

/** Kubelet's defaults; pid has none, so its value is the one that turns the signal off. */
const defaultsOfEvictionHard: Record<string, string> = {
  "memory.available": "100Mi",
  "nodefs.available": "10%",
  "nodefs.inodesFree": "5%",
  "imagefs.available": "15%",
  "imagefs.inodesFree": "5%",
  "pid.available": "0%",
};

// Kubelet does not start with a soft threshold without a grace period.
function softWithoutGrace(merged: Merged): Incomplete[] {
  if (!merged.names("kubernetes")) return [];
  const graces = merged.find("kubernetes", "eviction-soft-grace-period")
    ? merged.names("kubernetes", "eviction-soft-grace-period")
    : [];
  if (!graces) return [];
  return (merged.names("kubernetes", "eviction-soft") ?? [])
    .filter((signal) => !graces.includes(signal))
    .flatMap((signal) =>
      at(
        merged,
        [["kubernetes", "eviction-soft", signal]],
        "needs a time in evictionSoftGracePeriod, for example 1m30s",
      ),
    );
}

// Kubelet's own defaults are 85 and 80, and it does not start unless high is above low.
function imageGcOutOfOrder(merged: Merged): Incomplete[] {
  const [high, low] = ["high", "low"].map((end) => ["kubernetes", `image-gc-${end}-threshold-percent`]) as [
    string[],
    string[],
  ];
  const [highest, lowest] = [valueOf(merged, high, 85), valueOf(merged, low, 80)];
  if (!merged.names("kubernetes") || !(highest <= lowest)) return [];
  return at(
    merged,
    [high, low],
    `high must be above low, got ${highest} and ${lowest} (without a value 85 and 80); raise high or lower low`,
  );
}

function valueOf(merged: Merged, path: string[], otherwise: number): number {
  const found = merged.find(...path);
  return found ? Number(typeof found.setting.value === "symbol" ? NaN : found.setting.value) : otherwise;
}

// An error under the key of the uppermost layer that sets one of the paths.
function at(merged: Merged, paths: string[][], error: string): Incomplete[] {
  const found = paths.flatMap((path) => merged.find(...path) ?? []).sort((one, other) => other.layer - one.layer)[0];
  return found ? [{ layer: found.layer, error: `${found.setting.key}: ${error}` }] : [];
}

function mergeSettings(layers: BottlerocketSettingsSpec[]): Merged {
  const all = layers.flatMap((spec, layer) => settingsOf(spec).map((setting) => ({ layer, setting })));
  const below = (path: string[]) => all.filter(({ setting }) => path.every((key, index) => setting.at[index] === key));
  return {
    find: (...path) => below(path).findLast(({ setting }) => setting.at.length === path.length),
    names: (...path) => {
      const inside = below(path);
      const waits = all.some(
        ({ setting }) =>
          setting.value === notKnown &&
          setting.at.length <= path.length &&
          setting.at.every((key, index) => path[index] === key),
      );
      if (waits) return undefined;
      return [...new Set(inside.flatMap(({ setting }) => setting.at[path.length] ?? []))];
    },
  };
}
