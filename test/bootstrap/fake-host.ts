import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export const EC2_MODEL = "Amazon EC2 NVMe Instance Storage";

const MOUNTS = [
  "24 1 253:0 / / ro,relatime shared:1 - ext4 /dev/dm-0 rw",
  "25 24 0:6 / /dev rw,nosuid shared:2 - devtmpfs devtmpfs rw,size=4096k",
  "26 24 0:22 / /proc rw,nosuid shared:3 - proc proc rw",
  "27 24 0:23 / /sys rw,nosuid shared:4 - sysfs sysfs rw",
  "60 24 259:90 / /local rw,relatime shared:30 - ext4 /dev/nvme90n1p1 rw",
  "61 24 259:90 /mnt /mnt rw,relatime shared:30 - ext4 /dev/nvme90n1p1 rw",
];

/** In memory: thousands of small folders take a busy disk minutes. */
const memory = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

/** Sysfs, /dev, /proc and /mnt of a node that has no NVMe disk. */
export function makeHost(): string {
  const root = fs.mkdtempSync(path.join(memory, "fast-disks-"));
  for (const name of ["dev", "mnt/fast-disks", "proc/1", "proc/self", "sys/block/loop0"])
    fs.mkdirSync(path.join(root, name), { recursive: true });
  for (const table of ["1", "self"]) write(root, `proc/${table}/mountinfo`, MOUNTS.join("\n"));
  write(root, "proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority");
  return root;
}

/**
 * Changes a fake host by one line of a case:
 * `disk <device> [<attribute>=<value>…]`, `gone <device>`, `mount <a mountinfo line>`, `swap <path>`,
 * `<path> -> <target>`, `<path> = <text>`, `<path> folder`, `<path> absent`. Values in quotes are read as JSON.
 */
export function change(root: string, line: string): void {
  const [word = "", second = ""] = line.split(/ +/);
  if (word === "disk") return addDisk(root, second, attributesOf(line.split(/ +/).slice(2).join(" ")));
  if (word === "gone")
    return [`sys/block/${second}`, `dev/${second}`].forEach((name) =>
      fs.rmSync(path.join(root, name), { recursive: true }),
    );
  if (word === "mount")
    return ["1", "self"].forEach((table) =>
      fs.appendFileSync(path.join(root, `proc/${table}/mountinfo`), line.slice(6) + "\n"),
    );
  if (word === "swap")
    return fs.appendFileSync(path.join(root, "proc/swaps"), `${second}\t\tpartition\t1048572\t\t0\t\t-2\n`);

  const parts = /^("(?:[^"\\]|\\.)*"|\S+) (absent|folder|-> (.*)|= (.*))$/.exec(line);
  if (!parts) throw new Error(`not a line of a host: ${line}`);
  const [, name = "", action = "", target, text] = parts;
  const place = path.join(root, unquote(name));
  fs.rmSync(place, { recursive: true, force: true });
  if (action === "absent") return;
  fs.mkdirSync(path.dirname(place), { recursive: true });
  if (target !== undefined) fs.symlinkSync(unquote(target), place);
  else if (text !== undefined) fs.writeFileSync(place, unquote(text) + "\n");
  else fs.mkdirSync(place);
}

/** Where sysfs has an attribute, for the layout without multipath; `path<n>` puts a controller's address below a subsystem. */
const SYSFS: Record<string, string> = {
  model: "device/model",
  serial: "device/serial",
  address: "device/address",
  nsid: "nsid",
  dev: "dev",
};

function addDisk(root: string, device: string, given: Record<string, string>): void {
  const [controller = "", namespace = ""] = device.slice("nvme".length).split("n");
  const attributes: Record<string, string> = {
    model: EC2_MODEL.padEnd(40),
    serial: `AWS${controller}`.padEnd(20),
    nsid: namespace,
    dev: `259:${controller}${namespace}`,
    ...given,
  };
  const block = `sys/block/${device}`;
  for (const folder of ["device", "holders"]) fs.mkdirSync(path.join(root, block, folder), { recursive: true });
  for (const [key, value] of Object.entries(attributes)) {
    if (value === "absent") continue;
    if (key in SYSFS) write(root, `${block}/${SYSFS[key]}`, value);
    else if (key.startsWith("path")) write(root, `${block}/device/nvme${key.slice(4)}/address`, value);
    else if (key === "partition") fs.mkdirSync(path.join(root, block, value));
    else if (key === "holder") fs.symlinkSync(`../../${value}`, path.join(root, block, "holders", value));
    else if (key !== "node") throw new Error(`${device}: no such attribute: ${key}`);
  }
  if (attributes.node !== "absent") write(root, `dev/${device}`, "");
}

/** What the folder holds, and `../<name>` for what stands beside it: `<name> -> <target>`, `<name> file` or `<name> folder`. */
export function listFolder(root: string): string[] {
  const mnt = path.join(root, "mnt");
  if (!fs.lstatSync(mnt, { throwIfNoEntry: false })?.isDirectory()) return [];
  const folder = path.join(mnt, "fast-disks");
  const isFolder = fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory();
  const beside = fs
    .readdirSync(mnt)
    .filter((name) => name !== "fast-disks" || !isFolder)
    .sort();
  const inside = isFolder
    ? fs
        .readdirSync(folder)
        .sort()
        .map((name) => describeEntry(folder, name, ""))
    : ["no folder"];
  return [...beside.map((name) => describeEntry(mnt, name, "../")), ...inside];
}

function describeEntry(folder: string, name: string, prefix: string): string {
  const entry = path.join(folder, name);
  const stat = fs.lstatSync(entry);
  if (stat.isSymbolicLink()) return `${prefix}${quote(name)} -> ${quote(fs.readlinkSync(entry))}`;
  if (stat.isDirectory())
    return `${prefix}${quote(name)} ${fs.readdirSync(entry).length ? "folder with entries" : "folder"}`;
  return `${prefix}${quote(name)} file`;
}

function write(root: string, name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text + "\n");
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/(\w+)=("(?:[^"\\]|\\.)*"|\S*)\s*/g, (_, key: string, value: string) => {
    found[key] = unquote(value);
    return "";
  });
  if (rest !== "") throw new Error(`not <attribute>=<value>: ${rest}`);
  return found;
}

const unquote = (text: string) => (text.startsWith('"') ? (JSON.parse(text) as string) : text);
const quote = (text: string) => (/^[\x21-\x7e]+$/.test(text) ? text : JSON.stringify(text));
