import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { find } from "./case";

const cache = path.join(__dirname, "../../node_modules/.cache/debian");

/** Unpacks (what matches of) a Debian package of any architecture into a folder, without installing it; downloads it once. */
export function unpackPackage(name: string, architecture: string, patterns: string[] = ["*"]): string {
  const home = path.join(cache, architecture);
  const part = createHash("sha256").update(patterns.join("\n")).digest("hex").slice(0, 8);
  const folder = path.join(home, `${name}-${part}`);
  if (fs.existsSync(folder)) return folder;
  fetchPackage(home, name, architecture);
  const file = fs.readdirSync(home).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith(".deb"));
  fs.rmSync(`${folder}.partial`, { recursive: true, force: true });
  fs.mkdirSync(`${folder}.partial`);
  const unpack = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --wildcards "${@:2}"';
  execFileSync("bash", ["-o", "pipefail", "-c", unpack, path.join(home, file!), `${folder}.partial`, ...patterns]);
  fs.renameSync(`${folder}.partial`, folder);
  return folder;
}

/** The package that a Debian metapackage stands for at the moment. */
export function resolvePackage(name: string, architecture: string): string {
  const home = path.join(cache, architecture);
  const resolved = path.join(home, `${name}.resolved`);
  if (!fs.existsSync(resolved)) {
    update(home, architecture);
    const depends = execFileSync("apt-cache", [...options(home, architecture), "depends", name], { encoding: "utf8" });
    fs.writeFileSync(resolved, /Depends: (\S+)/.exec(depends)![1]!);
  }
  return fs.readFileSync(resolved, "utf8");
}

function fetchPackage(home: string, name: string, architecture: string): void {
  update(home, architecture);
  execFileSync("apt-get", [...options(home, architecture), "download", "-q", name], { cwd: home, stdio: "pipe" });
}

function update(home: string, architecture: string): void {
  find("apt-get", "apt (these suites run on Debian 12)");
  for (const folder of ["state/lists/partial", "cache/archives/partial"])
    fs.mkdirSync(path.join(home, folder), { recursive: true });
  fs.writeFileSync(path.join(home, "status"), "");
  execFileSync("apt-get", [...options(home, architecture), "update", "-q"], { stdio: "pipe" });
}

/** An apt of its own, so that the machine's architectures and lists stay as they are. */
function options(home: string, architecture: string): string[] {
  const settings = {
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "root",
    "Dir::State": path.join(home, "state"),
    "Dir::State::status": path.join(home, "status"),
    "Dir::Cache": path.join(home, "cache"),
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}
