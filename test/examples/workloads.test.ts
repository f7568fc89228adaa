import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { renderPlacement } from "../../components/manifests/placement";
import { capacityOfPool } from "../../components/manifests/pool";
import type { PoolSpec } from "../../components/manifests/pool";

const { config } = parse(readFileSync("stacks/Pulumi.dev.yaml", "utf8")) as { config: Record<string, unknown> };
const { fast } = config["eks-fast-disks:pools"] as { fast: PoolSpec };

/** Every value in a document, by its key. */
function valuesOf(value: unknown): [key: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => [[key, item], ...valuesOf(item)]);
}

const operators = readdirSync("examples/operators").map((file) => `operators/${file}`);

describe("the examples' workloads", () => {
  for (const file of [...operators, "fio.yaml", "raw-block.yaml"])
    describe(file, () => {
      const documents = parseAllDocuments(readFileSync(join("examples", file), "utf8"));
      const values = valuesOf(documents.map((document) => document.toJS() as unknown));
      const of = (name: string) => values.filter(([key]) => key === name).map(([, value]) => value);

      it("is placed by the output of its class", () => {
        const [storageClass] = [...of("storageClass"), ...of("storageClassName")];
        const { labels, spec } = renderPlacement(String(storageClass));
        const [label = ["", ""]] = Object.entries(labels);
        assert.ok(of(label[0]).includes(label[1]), "label");
        for (const key of ["nodeSelector", "tolerations"] as const)
          assert.ok(
            of(key).some((value) => isDeepStrictEqual(value, spec[key])),
            key,
          );
        const { podAntiAffinity } = spec.affinity as { podAntiAffinity: object };
        const affinities = [...of("podAntiAffinity"), ...of("additionalPodAntiAffinity")];
        assert.ok(affinities.some((value) => isDeepStrictEqual(value, podAntiAffinity)));
      });

      it("claims one volume, which every node of the pool holds", () => {
        const sizes = [...of("storage"), ...of("size")].filter((value) => typeof value === "string");
        assert.equal(sizes.length, 1);
        assert.match(String(sizes[0]), /^\d+Gi$/);
        assert.ok(parseInt(String(sizes[0])) <= capacityOfPool(fast).largestClaimGi);
      });
    });
});

describe("the script of fio.yaml", () => {
  const [, job] = parseAllDocuments(readFileSync("examples/fio.yaml", "utf8"));
  const [container] = valuesOf(job?.toJS()).flatMap(([key, value]) =>
    key === "containers" ? (value as unknown[]) : [],
  );
  const { args } = container as { args: [string] };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fio-"));
    for (const part of ["bin", "data", "sys/dev/block", "sys/block/nvme1n1"])
      mkdirSync(join(folder, part), { recursive: true });
    symlinkSync("../../block/nvme1n1", join(folder, "sys/dev/block/259:1"));
    writeFileSync(join(folder, "data/fio"), "");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with a fio that gives these KiB/s and IOPS for the volume and the raw disk. */
  function run(volume: string, raw: string, mounted = true) {
    const fio = `#!/bin/sh\necho "$*" >> ${folder}/calls\ncase "$1" in --name=raw) echo "3;fio;x;0;0;0;${raw}" ;; *) echo "3;fio;x;0;0;0;${volume}" ;; esac\n`;
    for (const [name, text] of [
      ["fio", fio],
      ["apk", "#!/bin/sh\n"],
    ] as const) {
      writeFileSync(join(folder, "bin", name), text);
      chmodSync(join(folder, "bin", name), 0o755);
    }
    const at = mounted ? join(folder, "data") : "/elsewhere";
    writeFileSync(
      join(folder, "mountinfo"),
      `1 0 259:0 / / rw - ext4 /dev/root rw\n2 1 259:1 / ${at} rw - ext4 /dev/nvme1n1 rw\n`,
    );
    const PATH = `${join(folder, "bin")}:${process.env.PATH ?? ""}`;
    const env = { PATH, DATA: join(folder, "data"), MOUNTINFO: join(folder, "mountinfo"), SYS: join(folder, "sys") };
    return spawnSync("sh", ["-euc", args[0]], { env, encoding: "utf8" });
  }

  it("prints both figures and their ratio", () => {
    const { stdout, stderr, status } = run("900;95", "1000;100");
    assert.deepEqual([stderr, status], ["", 0]);
    assert.deepEqual(stdout.trim().split("\n"), [
      "random reads of 4 KiB: volume 95 IOPS, raw disk 100 IOPS, ratio 0.95",
      "sequential reads of 1 MiB: volume 900 KiB/s, raw disk 1000 KiB/s, ratio 0.90",
    ]);
  });

  it("reads from the disk under the volume, and writes only to a file in it", () => {
    run("900;95", "1000;100");
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    const raw = calls.filter((call) => call.includes("--filename=/dev/"));
    assert.equal(raw.length, 2);
    for (const call of raw) assert.match(call, /--filename=\/dev\/nvme1n1 --rw=(rand)?read .*--readonly/);
    const writing = calls.filter((call) => call.includes("--rw=write"));
    assert.deepEqual(
      writing.map((call) => call.includes(`--filename=${join(folder, "data")}/fio `)),
      [true],
    );
  });

  it("fails where nothing is mounted, and where the disk gives nothing", () => {
    const unmounted = run("900;95", "1000;100", false);
    assert.equal(unmounted.status, 1);
    assert.match(unmounted.stderr, /^error: .*: must be a mounted volume, is not in mountinfo$/m);
    const silent = run("900;95", "0;0");
    assert.notEqual(silent.status, 0);
    assert.match(silent.stderr, /^error: random reads of 4 KiB: the raw disk must give more than 0 IOPS$/m);
  });
});
