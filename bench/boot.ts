import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { performance } from "node:perf_hooks";

const RUNS = 31;
const scripts = {
  ours: path.join(__dirname, "../bootstrap/fast-disks.sh"),
  recipe: path.join(__dirname, "published-recipe.sh"),
};

/** A fake host with so many local disks, and this machine's mounts, which the recipe reads by `mount`. */
function makeHost(disks: number): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "fast-disks-bench-"));
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  };
  write("proc/1/mountinfo", fs.readFileSync("/proc/self/mountinfo", "utf8"));
  write("proc/swaps", fs.readFileSync("/proc/swaps", "utf8"));
  write("user-data", `expectedDisks=${disks}\n`);
  write("no-wait", `expectedDisks=${disks}\ndeadlineSeconds=0\n`);
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

function prepare(root: string, boot: string): NodeJS.ProcessEnv {
  if (boot === "first") fs.rmSync(path.join(root, "mnt/fast-disks"), { recursive: true, force: true });
  return { PATH: process.env.PATH, FAST_DISKS_ROOT: root, FAST_DISKS_USER_DATA: path.join(root, "user-data") };
}

/** Milliseconds of the fastest of many runs, for what else the machine does only adds; ours with a deadline of 0, so that it does all its work but does not sleep. */
function measure(script: string, root: string, boot: string): number {
  const times = Array.from({ length: RUNS }, () => {
    const env = { ...prepare(root, boot), FAST_DISKS_USER_DATA: path.join(root, "no-wait") };
    const start = performance.now();
    const run = spawnSync("busybox", ["sh", script], { env, stdio: "ignore" });
    if (run.error)
      throw new Error(
        "busybox is needed and was not found; install busybox-static (test/bootstrap/install-tools.sh does)",
      );
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** Processes that one run forks. */
function countForks(script: string, root: string, boot: string): number {
  const log = path.join(root, "strace");
  const run = spawnSync(
    "strace",
    ["-f", "-qq", "-e", "trace=clone,clone3,fork,vfork", "-e", "signal=none", "-o", log, "busybox", "sh", script],
    { env: prepare(root, boot), stdio: "ignore" },
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

console.log(
  `busybox sh, fastest of ${RUNS} runs, without the second that ours sleeps to see that the devices are stable (its fork is counted)`,
);
console.log("disks  boot    ours ms  recipe ms  ratio   ours forks  recipe forks  ratio");
for (const disks of [1, 8, 24]) {
  for (const boot of ["first", "later"]) {
    const root = makeHost(disks);
    const compare = (name: "ours" | "recipe") => {
      fs.rmSync(path.join(root, "mnt/fast-disks"), { recursive: true, force: true });
      // The recipe's later boots fail at each link; what they cost is measured all the same.
      if (boot === "later") spawnSync("busybox", ["sh", scripts[name]], { env: prepare(root, boot) });
      return { ms: measure(scripts[name], root, boot), forks: countForks(scripts[name], root, boot) };
    };
    const [ours, recipe] = [compare("ours"), compare("recipe")];
    console.log(
      [
        String(disks).padEnd(5),
        boot.padEnd(6),
        ours.ms.toFixed(1).padStart(7),
        recipe.ms.toFixed(1).padStart(9),
        (ours.ms / recipe.ms).toFixed(2).padStart(5),
        String(ours.forks).padStart(10),
        String(recipe.forks).padStart(12),
        (ours.forks / recipe.forks).toFixed(2).padStart(5),
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
