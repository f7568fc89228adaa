import * as assert from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { errorsOf, findShells, readCases, script } from "./case";

describe("fast-disks.sh", () => {
  const text = fs.readFileSync(script, "utf8");

  it("has the settings and the exit codes that its README has", () => {
    const readme = fs.readFileSync(path.join(path.dirname(script), "README.md"), "utf8");
    const unique = (found: IterableIterator<RegExpMatchArray>) =>
      [...new Set([...found].map((match) => match[1]))].sort();
    assert.deepStrictEqual(unique(text.matchAll(/\b(?:exit|die) (\d+)/g)), unique(readme.matchAll(/^\| (\d+) \|/gm)));
    assert.deepStrictEqual(
      unique(text.matchAll(/^\t+([a-z]\w+)=\S*\)/gim)),
      unique(readme.matchAll(/^\| `(\w+)` \|/gm)),
    );
  });

  for (const shell of findShells()) {
    describe(`under ${shell.name}`, () => {
      for (const given of readCases()) {
        it(`does as ${given.name} says`, async () => {
          assert.deepStrictEqual(await errorsOf(given, shell, text), []);
        });
      }
    });
  }
});
