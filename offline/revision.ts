import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A commit, and the name that the user gave. */
interface Revision {
  name: string;
  commit: string;
}

/** The commit with a name, if git knows it. */
export function commitOf(revision: string): string | undefined {
  const { status, stdout } = git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Plans a stack by the program of another commit, in a temporary worktree with this clone's packages, calls `read` with the
 * plan's folder, and deletes both. If the commit does not have the stack file, `read` is not called.
 */
export function withPlanOf<T>(
  { name, commit }: Revision,
  file: string,
  stack: string,
  read: (folder: string) => T,
): T | undefined {
  if (git("cat-file", "-e", `${commit}:./${file}`).status !== 0) return undefined;
  if (git("diff", "--quiet", commit, "--", "package-lock.json").status !== 0)
    throw new Error(
      `--against ${name}: its package-lock.json differs, so the packages of this clone do not fit; ` +
        "plan it in its own clone (npm ci && npm start -- STACK --out DIR), then compare with --against DIR",
    );
  const temporary = mkdtempSync(join(tmpdir(), "eks-fast-disks-"));
  const tree = join(temporary, "tree");
  const root = join(tree, git("rev-parse", "--show-prefix").stdout.trim());
  const packages = join(root, "node_modules");
  try {
    succeed(git("worktree", "add", "--quiet", "--detach", tree, commit), `--against ${name}`);
    symlinkSync(join(process.cwd(), "node_modules"), packages);
    // npm ci builds this in a clone.
    succeed(
      spawnSync("npm", ["run", "--silent", "--if-present", "bundle"], { cwd: root, encoding: "utf8" }),
      `--against ${name}`,
    );
    const out = join(temporary, "plan");
    const run = spawnSync(process.execPath, [join("offline", "start.js"), stack, "--out", out], {
      cwd: root,
      encoding: "utf8",
    });
    // After a violation of a policy the plan's exit code is 1, which is not an error here.
    if (run.error || !existsSync(join(out, "resources.json"))) succeed({ ...run, status: 1 }, `--against ${name}`);
    return read(out);
  } finally {
    rmSync(packages, { force: true });
    git("worktree", "remove", "--force", tree);
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

function git(...args: string[]): Ended {
  return spawnSync("git", args, { encoding: "utf8" });
}

function succeed({ status, stderr }: Ended, what: string): void {
  if (status !== 0) throw new Error(`${what}: ${stderr.trim().replace(/^(error|fatal): /gm, "")}`);
}
