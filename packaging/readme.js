// npm shows README.md outside the repository, so its relative links are made absolute while the package is packed.
// `--restore` restores the file.
const { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { repository } = require("../package.json");

const readme = join(__dirname, "../README.md");
const original = join(__dirname, "../dist/README.md");

function makeAbsolute(text) {
  const base = repository.url.replace(/^git\+|\.git$/g, "");
  return text.replace(
    /(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)/g,
    (_, image, label, target) => `${image}[${label}](${base}/${image ? "raw" : "blob"}/HEAD/${target})`,
  );
}

if (process.argv.includes("--restore")) {
  if (existsSync(original)) renameSync(original, readme);
} else {
  mkdirSync(join(__dirname, "../dist"), { recursive: true });
  copyFileSync(readme, original);
  writeFileSync(readme, makeAbsolute(readFileSync(readme, "utf8")));
}
