import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

describe("bundle", () => {
  let clone: string;
  let written: string;

  function bundle(): string {
    const print = "require('./offline/bundle').bundle().then((text) => process.stdout.write(text))";
    return execFileSync(process.execPath, ["-e", print], { cwd: clone, encoding: "utf8", maxBuffer: 2 ** 24 });
  }

  function append(file: string, text: string): void {
    writeFileSync(join(clone, file), `${readFileSync(join(clone, file), "utf8")}\n${text}\n`);
  }

  // A clone with packages of its own, beside which the bundle is written.
  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), "bundle-"));
    for (const path of ["catalogue", "components", "offline", "policies", "stacks", "index.ts"])
      cpSync(path, join(clone, path), { recursive: true });
    for (const file of ["package.json", "tsconfig.json"]) cpSync(file, join(clone, file));
    mkdirSync(join(clone, "node_modules"));
    for (const name of ["esbuild", "@iarna", "fastest-levenshtein", "yaml", "zod"])
      symlinkSync(resolve("node_modules", name), join(clone, "node_modules", name));
    writeFileSync(join(clone, "node_modules", ".package-lock.json"), "{}");
    written = join(clone, "node_modules", ".cache", "eks-fast-disks", "plan.js");
  });
  afterEach(() => {
    rmSync(clone, { recursive: true });
  });

  it("is read again while nothing changes", () => {
    bundle();
    append("node_modules/.cache/eks-fast-disks/plan.js", "// as written");
    assert.ok(bundle().endsWith("// as written\n"));
  });

  const changes: [what: string, change: () => void][] = [
    ["a source", () => append("components/names.ts", "export const other = 1;")],
    ["the catalogue", () => append("catalogue/ec2.json", "")],
    ["a source's name", () => writeFileSync(join(clone, "stacks", "keys.json"), "{}")],
    ["an installed package", () => writeFileSync(join(clone, "node_modules", ".package-lock.json"), "{ }")],
    ["the way it is made", () => append("offline/bundle.js", "// otherwise")],
  ];
  for (const [what, change] of changes)
    it(`is made anew after a change of ${what}`, () => {
      bundle();
      append("node_modules/.cache/eks-fast-disks/plan.js", "// as written");
      change();
      assert.ok(!bundle().endsWith("// as written\n"));
    });

  it("is not read where nothing lists the packages", () => {
    rmSync(join(clone, "node_modules", ".package-lock.json"));
    bundle();
    assert.ok(!existsSync(written));
  });
});
