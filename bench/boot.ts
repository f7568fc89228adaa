import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { performance } from "node:perf_hooks";

const RUNS = 61;
const scripts = {
  ours: path.join(__dirname, "../bootstrap/fast-disks.sh"),
  recipe: path.join(__dirname, "published-recipe.sh"),
};

type Script = keyof typeof scripts;
/** `disks=` is the exact number, which is not waited for once it is there; `minimumDisks=` needs a stable set as well. */
type Settings = "disks" | "minimumDisks";
type Boot = "first" | "later";

/**
 * A fake host with so many local disks, and this machine's mounts, which the recipe reads by `mount`; in memory as sysfs
 * is, where a busy disk adds nothing.
 */
function makeHost(disks: number): string {
  const memory = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();
  const root = fs.mkdtempSync(path.join(memory, "fast-disks-bench-"));
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  };
  write("proc/1/mountinfo", fs.readFileSync("/proc/self/mountinfo", "utf8"));
  write("proc/swaps", fs.readFileSync("/proc/swaps", "utf8"));
  for (const key of ["disks", "minimumDisks"]) write(key, `${key}=${disks}\n`);
  fs.mkdirSync(path.join(root, "mnt"));
  for (let n = 1; n <= disks; n++) {
    const block = `sys/block/nvme${n}n1`;
    fs.mkdirSync(path.join(root, block, "holders"), { recursive: true });
    write(`${block}/device/model`, "Amazon EC2 NVMe Instance Storage".padEnd(40) + "\n");
    write(`${block}/device/serial`, `AWS${String(n).padStart(17, "0")}\n`);
    write(`${block}/nsid`, "1\n");
    write(`${block}/dev`, `259:${n}\n`);
    write(`dev/nvme${n}n1`, "");
  }
  return root;
}

/** The links are those of the script's own last boot: the recipe's later boots fail at each, which is measured all the same. */
function prepare(script: Script, settings: Settings, root: string, boot: Boot): NodeJS.ProcessEnv {
  const env = { PATH: process.env.PATH, FAST_DISKS_ROOT: root, FAST_DISKS_USER_DATA: path.join(root, settings) };
  fs.rmSync(path.join(root, "mnt/fast-disks"), { recursive: true, force: true });
  if (boot === "later")
    spawnSync("busybox", ["sh", scripts[script]], {
      env: { ...env, FAST_DISKS_USER_DATA: path.join(root, "disks") },
      stdio: "ignore",
    });
  return env;
}

function time(script: Script, settings: Settings, root: string, boot: Boot): number {
  const env = prepare(script, settings, root, boot);
  const start = performance.now();
  const run = spawnSync("busybox", ["sh", scripts[script]], { env, stdio: "ignore" });
  if (run.error)
    throw new Error(
      "busybox is needed and was not found; install busybox-static (test/bootstrap/install-tools.sh does)",
    );
  return performance.now() - start;
}

/** Milliseconds of the fastest of many runs, in turns, for what else the machine does only adds. All waiting is included. */
function compare(root: string, boot: Boot): { exact: number; minimum: number; recipe: number } {
  const best = { exact: Infinity, minimum: Infinity, recipe: Infinity };
  for (let run = 0; run < RUNS; run++) {
    best.exact = Math.min(best.exact, time("ours", "disks", root, boot));
    best.recipe = Math.min(best.recipe, time("recipe", "disks", root, boot));
    if (run % 10 === 0) best.minimum = Math.min(best.minimum, time("ours", "minimumDisks", root, boot));
  }
  return best;
}

/** Processes that one run forks. */
function countForks(script: Script, root: string, boot: Boot): number {
  const env = prepare(script, "disks", root, boot);
  const log = path.join(root, "strace");
  const run = spawnSync(
    "strace",
    [
      "-f",
      "-qq",
      "-e",
      "trace=clone,clone3,fork,vfork",
      "-e",
      "signal=none",
      "-o",
      log,
      "busybox",
      "sh",
      scripts[script],
    ],
    { env, stdio: "ignore" },
  );
  if (run.error)
    throw new Error("strace is needed and was not found; install strace (test/bootstrap/install-tools.sh does)");
  return fs
    .readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => /(clone3?|v?fork)\b.*= \d+$/.test(line)).length;
}

function installedKilobytes(packages: string[]): number {
  const shown = execFileSync("apt-cache", ["show", "--no-all-versions", ...packages], { encoding: "utf8" });
  return [...shown.matchAll(/^Installed-Size: (\d+)/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
}

console.log(`busybox sh, fastest of ${RUNS} runs, all waiting included; every ratio is to the recipe in the same run`);
console.log("               disks=<n>        minimumDisks=<n>   recipe   forks with disks=<n>");
console.log("disks  boot       ms   ratio        ms   ratio       ms   ours  recipe  ratio");
for (const disks of [1, 8, 24]) {
  for (const boot of ["first", "later"] as const) {
    const root = makeHost(disks);
    const { exact, minimum, recipe } = compare(root, boot);
    const forks = { ours: countForks("ours", root, boot), recipe: countForks("recipe", root, boot) };
    console.log(
      [
        String(disks).padEnd(5),
        boot.padEnd(6),
        exact.toFixed(1).padStart(6),
        (exact / recipe).toFixed(2).padStart(6),
        minimum.toFixed(1).padStart(8),
        (minimum / recipe).toFixed(2).padStart(6),
        recipe.toFixed(1).padStart(7),
        String(forks.ours).padStart(5),
        String(forks.recipe).padStart(6),
        (forks.ours / forks.recipe).toFixed(2).padStart(5),
      ].join("  "),
    );
    fs.rmSync(root, { recursive: true });
  }
}

const ours = (fs.statSync("/bin/busybox").size + fs.statSync(scripts.ours).size) / 1024;
const recipe = installedKilobytes([
  "musl",
  "busybox-static",
  "util-linux",
  "libblkid1",
  "libmount1",
  "libsmartcols1",
  "libuuid1",
]);
console.log(
  `image, unpacked, from Debian's packages instead of the real bases: ours ${(ours / 1024).toFixed(2)} MiB (static busybox and the script), recipe ${(recipe / 1024).toFixed(2)} MiB (musl, busybox, util-linux and its libraries)`,
);
