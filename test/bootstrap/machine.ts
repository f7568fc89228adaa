import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { find, script } from "./case";
import { resolvePackage, unpackPackage } from "./debian";

const MODULES = [
  "drivers/nvme/*",
  "drivers/block/brd.ko",
  "drivers/md/*",
  "drivers/dax/*",
  "fs/ext4/*",
  "fs/jbd2/*",
  "fs/mbcache.ko",
  "fs/configfs/*",
  "crypto/*",
  "lib/*",
  "block/*",
  "drivers/base/*",
  "net/tls/*",
];

export interface Machine {
  /** Its init, a file of `kernel/`. */
  guest: string;
  /** Programs that it gets beside busybox, from this machine. */
  tools: string[];
  parameters: string;
  /** QEMU's devices; the drives `d1` and `d2` are there. */
  devices: string[];
  diskBytes: number;
}

/** Boots Debian's kernel by emulation with the script and the guest's init, and gives what the init printed, by block. */
export async function bootMachine(machine: Machine): Promise<Map<string, string[]>> {
  const name = resolvePackage("linux-image-amd64", "amd64");
  const version = name.replace("linux-image-", "");
  const unpacked = unpackPackage(name, "amd64", [
    "./boot/vmlinuz*",
    "./lib/modules/*/modules.*",
    ...MODULES.map((pattern) => `./lib/modules/*/kernel/${pattern}`),
  ]);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "fast-disks-kernel-"));
  try {
    const root = path.join(work, "root");
    for (const folder of ["bin", "usr/sbin", "dev", "proc", "sys", "tmp", "run", "mnt", "data"])
      fs.mkdirSync(path.join(root, folder), { recursive: true });
    const busybox = find("busybox", "busybox-static");
    fs.copyFileSync(busybox, path.join(root, "bin/busybox"));
    fs.symlinkSync("busybox", path.join(root, "bin/sh"));
    for (const tool of machine.tools) copyWithLibraries(tool, root, `usr/sbin/${path.basename(tool)}`);
    fs.cpSync(path.join(unpacked, "lib/modules"), path.join(root, "lib/modules"), { recursive: true });
    execFileSync(busybox, ["depmod", "-b", root, version], { stdio: "pipe" });
    fs.copyFileSync(script, path.join(root, "fast-disks.sh"));
    fs.copyFileSync(path.join(__dirname, "kernel/disks.sh"), path.join(root, "disks.sh"));
    fs.copyFileSync(path.join(__dirname, "kernel", machine.guest), path.join(root, "init"));
    fs.chmodSync(path.join(root, "init"), 0o755);
    const initramfs = path.join(work, "initramfs");
    const pack = 'cd "$0" && find . | "$1" --quiet -o -H newc >"$2"';
    execFileSync("bash", ["-o", "pipefail", "-c", pack, root, find("cpio", "cpio"), initramfs]);
    const drives = ["d1", "d2"].flatMap((drive) => {
      const file = path.join(work, drive);
      fs.writeFileSync(file, "");
      fs.truncateSync(file, machine.diskBytes);
      return ["-drive", `id=${drive},file=${file},format=raw,if=none,discard=unmap`];
    });
    const results = path.join(work, "results");
    const console = path.join(work, "console");
    const options = [
      ...["-accel", "tcg", "-cpu", "max", "-m", "768", "-nodefaults", "-nographic", "-no-reboot", "-monitor", "none"],
      ...["-serial", `file:${console}`, "-serial", `file:${results}`],
      ...["-kernel", path.join(unpacked, "boot", `vmlinuz-${version}`), "-initrd", initramfs],
      ...["-append", `console=ttyS0 quiet panic=-1 ${machine.parameters}`],
      ...drives,
      ...machine.devices.flatMap((device) => ["-device", device]),
    ];
    return blocksOf(await run(options, console, results));
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function run(options: string[], console: string, results: string): Promise<string> {
  const qemu = find("qemu-system-x86_64", "qemu-system-x86");
  return new Promise((resolve, reject) => {
    // Emulated on a busy machine it takes minutes; only a guest that hangs takes an hour.
    execFile(qemu, options, { timeout: 3_600_000 }, (error, _, stderr) => {
      const printed = error ? "" : fs.readFileSync(results, "utf8");
      if (printed.includes("@@ done")) return resolve(printed);
      const kernel = fs.existsSync(console) ? fs.readFileSync(console, "utf8").slice(-4000) : "";
      reject(new Error(`the guest did not finish: ${error?.message ?? ""}\n${stderr}\n${kernel}\n${printed}`));
    });
  });
}

function copyWithLibraries(program: string, root: string, place: string): void {
  fs.copyFileSync(program, path.join(root, place));
  for (const [library] of execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/\/\S+/g)) {
    fs.mkdirSync(path.join(root, path.dirname(library)), { recursive: true });
    fs.copyFileSync(library, path.join(root, library));
  }
}

function blocksOf(results: string): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of results.replace(/\r/g, "").split("\n")) {
    const name = /^@@ (.+)$/.exec(line)?.[1];
    if (name) blocks.set(name, (lines = []));
    else if (line !== "") lines.push(line);
  }
  return blocks;
}
