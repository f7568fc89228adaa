import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Address of a file of this repository, where a policy's violation leads. */
export function addressOf(file: string): string {
  const { repository } = manifestAbove(__dirname);
  return `${repository?.url.replace(/^git\+|\.git$/g, "") ?? ""}/blob/HEAD/${file}`;
}

interface Manifest {
  repository?: { url: string };
}

/** package.json of the clone or of the package, from the sources as from the compiled files. */
function manifestAbove(folder: string): Manifest {
  const file = join(folder, "package.json");
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
  return manifest.repository || folder === dirname(folder) ? manifest : manifestAbove(dirname(folder));
}
