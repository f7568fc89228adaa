import fc from "fast-check";
import assert from "node:assert/strict";
import { parse as parseToml } from "@iarna/toml";
import { stackValues } from "../support/record";
import { report } from "./support/conformance";
import { startWithKarpenterKinds } from "./support/cluster";
import type { ControlPlane } from "./support/control-plane";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { violationsOf } from "./support/policies";
import { errorsOf, renderSettings, withValue } from "./support/settings";
import type { Values } from "./support/settings";
import { stacks } from "./support/plan";
import { stopsAfter } from "./support/process";

const seed = 6;
const count = 2000;

/** One change of a stack file's values; places that a stack does not have are made. */
interface Change {
  what: string;
  apply: (values: Values) => Values;
}

const characters = (text: string) => fc.constantFrom(...Array.from(text));
/** Text near the borders of what names, labels, tags and paths may be. */
const odd = fc.oneof(
  fc.string({ maxLength: 70 }),
  fc.string({ unit: characters('aZ09-._/:=+@ *é"\\'), maxLength: 70 }),
  fc.string({ unit: characters("ab9-."), minLength: 1, maxLength: 260 }),
  fc.constantFrom(
    "",
    " ",
    "a..b",
    "-a",
    "a-",
    "a/b/c",
    ".a",
    "karpenter.sh",
    "x.karpenter.sh/a",
    "kubernetes.io/a",
    "é",
  ),
);
/** Sometimes odd text instead. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | string> =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: odd });
const labelKey = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.stringMatching(/^[a-z]{1,9}(\.[a-z]{2,5})?\/[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/),
  },
  { weight: 1, arbitrary: odd },
);
const labelValue = mostly(fc.stringMatching(/^([A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?)?$/));
const strings = (values: fc.Arbitrary<string>) => fc.dictionary(labelKey, values, { maxKeys: 4 });
const number = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom(-1, 0.5, 4, 10, 16_384, 16_385, 2 ** 53));
const duration = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(3000), fc.constantFrom("s", "m", "h")).map(([n, unit]) => `${n + 1}${unit}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "0s",
      "1h30m",
      "1m1h",
      "5",
      "1d",
      "Never",
      "never",
      "1.5h",
      "-1m",
      "99999999999h",
      "01m",
    ),
  },
  { weight: 1, arbitrary: odd },
);
const quantity = fc.oneof(
  fc.nat(5000).map(String),
  fc.constantFrom("100Gi", "1500m", "1.5", "1e3", "1k", "0", "-1", "10Ti", "x"),
);
const id = (prefix: string) => fc.stringMatching(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`));
const someTags = (least: number, most: number) =>
  fc.record({
    tags: fc.dictionary(fc.stringMatching(/^[a-z]{3,9}$/), fc.constant("x"), { minKeys: least, maxKeys: most }),
  });
const rightTerm = fc.oneof(fc.record({ id: id("subnet") }), someTags(1, 3));
const terms = fc.oneof(
  fc.array(rightTerm, { minLength: 1, maxLength: 4 }),
  fc.array(rightTerm, { minLength: 28, maxLength: 33 }),
  fc.array(someTags(18, 23), { minLength: 1, maxLength: 2 }),
  fc.array(fc.oneof(rightTerm, fc.record({ id: fc.oneof(id("sg"), odd) }), fc.record({ tags: strings(labelValue) })), {
    maxLength: 2,
  }),
);
const requirement = fc.record({
  key: fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(
          "instance-cpu",
          "instance-generation",
          "instance-family",
          "instance-size",
          "instance-memory",
          "instance-hypervisor",
        )
        .map((it) => `karpenter.k8s.aws/${it}`),
    },
    { weight: 1, arbitrary: fc.constant("topology.kubernetes.io/zone") },
    { weight: 2, arbitrary: labelKey },
  ),
  operator: mostly(fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte")),
  values: fc.oneof(
    fc.array(fc.constantFrom("4", "8", "c8gd", "m8gd", "xlarge", "us-east-1a", "nitro"), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.tuple(fc.nat(10).map(String)),
    fc.array(labelValue, { maxLength: 3 }),
    fc.constant([]),
  ),
});
const gigabytes = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 10, max: 16_384 }) },
  { weight: 1, arbitrary: number },
);
const choice = (...choices: unknown[]) => mostly(fc.constantFrom(...choices));

/** Paths in a pool, `*` for its name, to what may stand there. */
const inPool: Record<string, fc.Arbitrary<unknown>> = {
  capacityTypes: fc.subarray(["spot", "on-demand"]),
  limits: fc.dictionary(mostly(fc.constantFrom("cpu", "memory", "nodes")), quantity, { minKeys: 1, maxKeys: 3 }),
  labels: strings(labelValue),
  taint: choice(true, false),
  consolidateAfter: duration,
  expireAfter: duration,
  terminationGracePeriod: duration,
  onDrift: choice("hold", "replace"),
  instanceProfile: mostly(fc.stringMatching(/^[\w+=,.@-]{1,40}$/)),
  rootVolumeGiB: gigabytes,
  dataVolumeGiB: gigabytes,
  "requirements/2": requirement,
  "bottlerocket/kubernetes/nodeLabels": strings(labelValue),
  "bottlerocket/kernel/sysctl": fc.dictionary(mostly(fc.constantFrom("vm.max_map_count", "fs.file-max")), odd, {
    maxKeys: 2,
  }),
};
/** Paths in the whole of the settings. */
const anywhere: Record<string, fc.Arbitrary<unknown>> = {
  "cluster/name": mostly(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/)),
  "cluster/kubernetesVersion": choice("1.33", "1.34", "1.35", "1.30"),
  "bottlerocket/version": fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.integer({ min: 60, max: 70_000 }), fc.nat(20))
        .map(([minor, patch]) => `1.${minor}.${patch}`),
    },
    { weight: 1, arbitrary: odd },
  ),
  "bottlerocket/settings/hostContainers/admin/enabled": choice(true, false),
  "bottlerocket/settings/kubernetes/evictionHard": fc.dictionary(
    fc.constantFrom("memory.available", "nodefs.available", "disk"),
    fc.constantFrom("5%", "100Mi", "100%", "x"),
    { maxKeys: 2 },
  ),
  "bottlerocket/settings/further": fc.dictionary(
    fc.constantFrom("motd", "ntp", "metrics"),
    fc.oneof(labelValue, fc.jsonValue({ maxDepth: 2 })),
    { maxKeys: 2 },
  ),
  "nodeCleanup/claimDeletionDelay": duration,
  "nodeCleanup/discoveryInterval": duration,
  tags: fc.oneof(
    strings(mostly(labelValue)),
    fc.dictionary(fc.stringMatching(/^[a-z]{3,9}$/), labelValue, { minKeys: 35, maxKeys: 45 }),
  ),
  "network/existingVpc/subnets": terms,
};
/** Paths in a StorageClass. */
const inClass: Record<string, fc.Arbitrary<unknown>> = {
  reclaimPolicy: choice("Delete", "Retain", "Recycle"),
  volumeMode: choice("Filesystem", "Block"),
  fileSystem: choice("ext4", "xfs"),
  mountOptions: fc.array(mostly(fc.constantFrom("noatime", "discard", "nodiratime")), { maxLength: 3 }),
  namePattern: mostly(fc.constantFrom("*", "nvme-*", "nvme-*-ns1")),
  wipe: choice("discard", "quick", "zero", "shred"),
};

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: changes(inPool, (values) => ["pools", ...Object.keys(values.pools as object).slice(0, 1)]) },
  { weight: 4, arbitrary: changes(anywhere, () => []) },
  {
    weight: 3,
    arbitrary: changes(inClass, (values) => [
      "storageClasses",
      ...Object.keys(values.storageClasses as object).slice(0, 1),
    ]),
  },
  { weight: 1, arbitrary: odd.map((key) => set(["pools", "x", key], true)) },
  { weight: 2, arbitrary: mostly(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/)).map(renameClass) },
  { weight: 2, arbitrary: mostly(fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/)).map(renamePool) },
);

describe("Settings, changed at random", () => {
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startWithKarpenterKinds("settings", stopped, renderSettings(stackValues("dev")));
  });

  it("are refused with a path, or accepted by the server and the policies too", async () => {
    const samples = fc.sample(fc.array(change, { minLength: 1, maxLength: 2 }), { seed, numRuns: count });
    const bases = stacks.map(stackValues);
    const taken: { what: string; objects: KubernetesObject[] }[] = [];
    const violations: string[] = [];
    const pathless: string[] = [];
    for (const [index, changesOfOne] of samples.entries()) {
      const what = changesOfOne.map((one) => one.what).join("; ");
      const values = changesOfOne.reduce((before, one) => one.apply(before), bases[index % bases.length] ?? {});
      const errors = errorsOf(values);
      if (errors.length === 0) {
        const objects = renderSettings(values);
        taken.push({ what, objects });
        violations.push(...violationsOf(values, objects).map((violation) => `${what}: ${violation}`));
      } else pathless.push(...errors.filter((error) => !/^\S.*?: /s.test(error)));
    }
    assert.deepEqual(pathless, [], "refused without a path");
    const refused = [...(await refusalsOf(cluster, taken)), ...violations];
    const line = `${count} stacks changed at random (seed ${seed}): ${taken.length} accepted by our settings, ${count - taken.length} refused with a path, ${refused.length} accepted by us and refused by a judge`;
    process.stdout.write(`      ${line}\n`);
    report(line);
    assert.deepEqual(refused.slice(0, 20), []);
    assert.ok(taken.length >= count / 2, `only ${taken.length} of ${count} were still accepted`);
  });

  it("are given to policies that find a violation of each kind of object", () => {
    const values = stackValues("dev");
    const breaks: Record<string, [string, unknown]> = {
      NodePool: ["spec/disruption/consolidationPolicy", "WhenEmptyOrUnderutilized"],
      EC2NodeClass: ["spec/instanceStorePolicy", "RAID0"],
      StorageClass: ["volumeBindingMode", "Immediate"],
      Deployment: ["spec/replicas", 2],
    };
    for (const [kind, [path, value]] of Object.entries(breaks)) {
      const objects = renderSettings(values).map((one) => (one.kind === kind ? withValue(one, path, value) : one));
      assert.ok(violationsOf(values, objects).length > 0, `${kind}: ${path} = ${String(value)} is no violation`);
    }
  });
});

function changes(
  table: Record<string, fc.Arbitrary<unknown>>,
  place: (values: Values) => string[],
): fc.Arbitrary<Change> {
  return fc.oneof(
    ...Object.entries(table).map(([path, arbitrary]) =>
      arbitrary.map((value) => ({
        what: `${path} = ${JSON.stringify(value)}`,
        apply: (values: Values) => set([...place(values), ...path.split("/")], value).apply(forPlace(values, path)),
      })),
    ),
  );
}

/** An existing network takes the place of a new one, and requirements that of instance types. */
function forPlace(values: Values, path: string): Values {
  if (path.startsWith("network/existingVpc"))
    return withValue(values, "network", { existingVpc: { vpcId: "vpc-0123456789abcdef0" } });
  const [pool = ""] = Object.keys(values.pools as object);
  if (!path.startsWith("requirements/") || pool !== "cache") return values;
  const base = (stackValues("dev").pools as { fast: { requirements: object[] } }).fast.requirements;
  return withValue(withValue(values, `pools/${pool}/instanceTypes`, undefined), `pools/${pool}/requirements`, base);
}

function set(path: string[], value: unknown): Change {
  return {
    what: `${path.join("/")} = ${JSON.stringify(value)}`,
    apply: (values) => {
      const copy = structuredClone(values);
      let here = copy;
      for (const key of path.slice(0, -1)) here = (Object.hasOwn(here, key) ? here[key] : (here[key] = {})) as Values;
      here[path.at(-1) ?? ""] = value;
      return copy;
    },
  };
}

function renameClass(name: string): Change {
  return {
    what: `class ${JSON.stringify(name)}`,
    apply: (values) => {
      const [old = "", spec] = Object.entries(values.storageClasses as Values)[0] ?? [];
      const others = Object.fromEntries(Object.entries(values.storageClasses as Values).slice(1));
      const pools = Object.entries(values.pools as Record<string, Values>).map(([pool, of]) => [
        pool,
        of.storageClass === old ? { ...of, storageClass: name } : of,
      ]);
      return { ...values, storageClasses: { [name]: spec, ...others }, pools: Object.fromEntries(pools) as Values };
    },
  };
}

function renamePool(name: string): Change {
  return {
    what: `pool ${JSON.stringify(name)}`,
    apply: (values) => {
      const [first, ...others] = Object.entries(values.pools as Values);
      return { ...values, pools: Object.fromEntries<unknown>([[name, first?.[1]], ...others]) };
    },
  };
}

/** What the server, and a parser of TOML for the user data, say against objects; each distinct object is judged once. */
async function refusalsOf(
  cluster: ControlPlane,
  taken: { what: string; objects: KubernetesObject[] }[],
): Promise<string[]> {
  const verdicts = new Map<string, Promise<string>>();
  const verdictOf = (object: KubernetesObject): Promise<string> => {
    const key = JSON.stringify(object);
    const known = verdicts.get(key);
    if (known) return known;
    const verdict = (async () => {
      try {
        const { userData } = (object.spec ?? {}) as { userData?: string };
        if (userData !== undefined) parseToml(userData);
        await cluster.api.apply(object, { dryRun: true });
        return "";
      } catch (error) {
        if (error instanceof Refusal) return `${object.kind}: ${error.message}`;
        throw error;
      }
    })();
    verdicts.set(key, verdict);
    return verdict;
  };
  const refused: string[] = [];
  const batch = 32;
  for (let start = 0; start < taken.length; start += batch)
    for (const one of await Promise.all(
      taken.slice(start, start + batch).map(async ({ what, objects }) => {
        const said = (await Promise.all(objects.map(verdictOf))).filter((verdict) => verdict !== "");
        return said.length > 0 ? [`${what}: ${said.join("; ")}`] : [];
      }),
    ))
      refused.push(...one);
  return refused;
}
