import * as assert from "node:assert";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { find } from "./case";
import { unpackPackage } from "./debian";
import { change, listFolder, makeHost } from "./fake-host";

const bootstrap = path.join(__dirname, "../../bootstrap");
const SOURCE = "https://example.com/eks-fast-disks";
const REVISION = "0123456789abcdef0123456789abcdef01234567";

interface Manifest {
  config: { digest: string; size: number };
  layers: { digest: string; size: number }[];
}
interface Config {
  architecture: string;
  os: string;
  config: { Entrypoint: string[]; Cmd?: string[]; Labels: Record<string, string> };
  rootfs: { diff_ids: string[] };
}

describe("the bootstrap image", () => {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "fast-disks-image-"));
  let registry: ChildProcess;
  let port = 0;
  let base = "";
  let digest = "";

  before(async () => {
    port = await freePort();
    registry = await startRegistry(path.join(work, "registry"), port);
    base = buildBase();
    digest = build("first", bootstrap);
  });

  after(() => {
    registry.kill();
    fs.rmSync(work, { recursive: true, force: true });
  });

  const store = ["--root", path.join(work, "storage"), "--runroot", path.join(work, "run"), "--storage-driver", "vfs"];
  const buildah = (...args: string[]) => execute("buildah", "buildah", [...store, ...args]);
  const skopeo = (...args: string[]) => execute("skopeo", "skopeo", args);
  const manifest = (name: string) =>
    JSON.parse(skopeo("inspect", "--raw", "--tls-verify=false", reference(name))) as Manifest;
  const config = (name: string) =>
    JSON.parse(skopeo("inspect", "--config", "--tls-verify=false", reference(name))) as Config;
  const reference = (name: string) => `docker://127.0.0.1:${port}/${name}`;

  /** In place of the base of the Dockerfile: Debian's static busybox for arm64, and nothing else. */
  function buildBase(): string {
    const root = path.join(work, "base");
    fs.mkdirSync(path.join(root, "bin"), { recursive: true });
    fs.copyFileSync(path.join(unpackPackage("busybox-static", "arm64"), "bin/busybox"), path.join(root, "bin/busybox"));
    for (const tool of ["sh", "cpio", "ln", "mkdir", "mv", "rm", "sleep", "stat"])
      fs.symlinkSync("busybox", path.join(root, "bin", tool));
    fs.writeFileSync(path.join(root, "Dockerfile"), 'FROM scratch\nCOPY bin /bin\nCMD ["sh"]\n');
    buildah("build", "--platform", "linux/arm64", "--timestamp", "0", "--tag", "base", root);
    buildah("push", "--tls-verify=false", "base", reference("base"));
    return "localhost/base";
  }

  /** Builds from a folder, pushes, and gives the digest that the registry has. */
  function build(name: string, folder: string): string {
    buildah(
      "build",
      "--platform",
      "linux/arm64",
      "--timestamp",
      "0",
      "--no-cache",
      "--tag",
      name,
      "--build-arg",
      `BASE=${base}`,
      "--build-arg",
      `SOURCE=${SOURCE}`,
      "--build-arg",
      `REVISION=${REVISION}`,
      "--build-arg",
      "LICENCE=Apache-2.0",
      folder,
    );
    buildah("push", "--tls-verify=false", name, reference(name));
    return skopeo(
      "inspect",
      "--format",
      "{{.Digest}}",
      "--tls-verify=false",
      "--override-arch",
      "arm64",
      reference(name),
    ).trim();
  }

  it("is for linux on arm64", () => {
    assert.deepStrictEqual([config("first").os, config("first").architecture], ["linux", "arm64"]);
  });

  it("adds one layer to its base, with the script and nothing else", () => {
    const layers = manifest("first").layers;
    assert.deepStrictEqual(layers.slice(0, -1), manifest("base").layers);
    const pulled = path.join(work, "pulled");
    skopeo("copy", "-q", "--src-tls-verify=false", "--override-arch", "arm64", reference("first"), `dir:${pulled}`);
    const layer = path.join(pulled, layers.at(-1)!.digest.replace("sha256:", ""));
    const files = execute("tar", "tar", ["-tzf", layer]).trim().split("\n");
    assert.deepStrictEqual(files, ["fast-disks.sh"]);
    assert.strictEqual(
      execute("tar", "tar", ["-xzOf", layer, "fast-disks.sh"]),
      fs.readFileSync(path.join(bootstrap, "fast-disks.sh"), "utf8"),
    );
  });

  it("is smaller than 2 MB", () => {
    const {
      config: { size },
      layers,
    } = manifest("first");
    const bytes = layers.reduce((sum, layer) => sum + layer.size, size);
    assert.ok(bytes > 100_000 && bytes < 2_000_000, `${bytes} bytes`);
  });

  it("says where it comes from", () => {
    const { Labels } = config("first").config;
    assert.strictEqual(Labels["org.opencontainers.image.source"], SOURCE);
    assert.strictEqual(Labels["org.opencontainers.image.revision"], REVISION);
    assert.strictEqual(Labels["org.opencontainers.image.licenses"], "Apache-2.0");
  });

  it("has the same digest when the same content is built again", () => {
    const copy = path.join(work, "copy");
    fs.cpSync(bootstrap, copy, { recursive: true });
    fs.utimesSync(path.join(copy, "fast-disks.sh"), 1, 1);
    fs.writeFileSync(path.join(copy, "notes.txt"), "not part of the image");
    assert.strictEqual(build("again", copy), digest);
  });

  it("has the same digest whatever the modes of the files and of the folder are", () => {
    for (const mode of [0o600, 0o777]) {
      const copy = path.join(work, `mode-${mode.toString(8)}`);
      fs.cpSync(bootstrap, copy, { recursive: true });
      for (const file of fs.readdirSync(copy)) fs.chmodSync(path.join(copy, file), mode);
      fs.chmodSync(copy, mode | 0o100);
      assert.strictEqual(build(path.basename(copy), copy), digest, mode.toString(8));
    }
  });

  it("has another digest when the script differs", () => {
    const copy = path.join(work, "other");
    fs.cpSync(bootstrap, copy, { recursive: true });
    fs.appendFileSync(path.join(copy, "fast-disks.sh"), "\n");
    assert.notStrictEqual(build("other", copy), digest);
  });

  it("runs on arm64 and finds the host and its user-data where Bottlerocket has them", () => {
    const root = path.join(work, "container");
    const container = buildah("from", "--pull-never", "localhost/first").trim();
    fs.cpSync(buildah("mount", container).trim(), root, { recursive: true, verbatimSymlinks: true });
    const host = makeHost();
    [
      "disk nvme1n1",
      "disk nvme2n1",
      "disk nvme4n1",
      "disk nvme10n1",
      'disk nvme3n1 model="Amazon Elastic Block Store" serial=vol01',
    ].forEach((line) => change(host, line));
    for (const folder of ["rootfs", "bootstrap-containers/current"])
      fs.mkdirSync(path.join(root, ".bottlerocket", folder), { recursive: true });
    fs.writeFileSync(
      path.join(root, ".bottlerocket/bootstrap-containers/current/user-data"),
      "disks=5\ndeadlineSeconds=1\n",
    );

    const emulator = find("qemu-aarch64-static", "qemu-user-static");
    const { Entrypoint, Cmd } = config("first").config;
    const run = spawnSync(
      find("proot", "proot"),
      [
        "-q",
        emulator,
        "-r",
        root,
        "-b",
        `${host}:/.bottlerocket/rootfs`,
        "-b",
        "/dev/null",
        "-w",
        "/",
        ...Entrypoint,
        ...(Cmd ?? []),
      ],
      { encoding: "utf8", env: { PATH: "/bin" } },
    );

    assert.deepStrictEqual(
      listFolder(host),
      [
        "nvme-AWS1-ns1 -> ../../dev/nvme1n1",
        "nvme-AWS10-ns1 -> ../../dev/nvme10n1",
        "nvme-AWS2-ns1 -> ../../dev/nvme2n1",
        "nvme-AWS4-ns1 -> ../../dev/nvme4n1",
      ],
      run.stderr,
    );
    assert.match(run.stdout, /^fast-disks: 4 linked, 0 removed, 5 expected, waited 1\.0 s$/m);
    assert.match(run.stderr, /^error: disks: must be 5 after/m);
    assert.strictEqual(run.status, 11);
    fs.rmSync(host, { recursive: true });
  });
});

function execute(tool: string, from: string, args: string[]): string {
  return execFileSync(find(tool, from), args, {
    encoding: "utf8",
    env: { ...process.env, BUILDAH_ISOLATION: "chroot" },
    stdio: "pipe",
    maxBuffer: 64 << 20,
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startRegistry(folder: string, port: number): Promise<ChildProcess> {
  fs.mkdirSync(folder);
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: `127.0.0.1:${port}` },
  };
  fs.writeFileSync(path.join(folder, "config.yml"), JSON.stringify(settings));
  const registry = spawn(find("docker-registry", "docker-registry"), ["serve", path.join(folder, "config.yml")], {
    stdio: "ignore",
  });
  while (registry.exitCode === null && registry.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    if (answer?.ok) return registry;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("docker-registry ended before it answered on loopback");
}
