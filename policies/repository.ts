import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** URL of a file in this repository, for links in violations. */
export function addressOf(file: string): string {
  const { repository } = manifestAbove(__dirname);
  return `${repository?.url.replace(/^git\+|\.git$/g, "") ?? ""}/blob/HEAD/${file}`;
}

interface Manifest {
  repository?: { url: string };
}

/** The nearest package.json that names its repository, in the clone or in the package. */
function manifestAbove(folder: string): Manifest {
  const file = join(folder, "package.json");
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
  return manifest.repository || folder === dirname(folder) ? manifest : manifestAbove(dirname(folder));
}
