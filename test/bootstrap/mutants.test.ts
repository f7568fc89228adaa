import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { errorsOf, findShells, readCases, script } from "./case";
import { mutations } from "./mutations";

describe("the cases", () => {
  const text = fs.readFileSync(script, "utf8");
  const cases = readCases();
  const killers = new Map<string, string[]>();

  before(async function () {
    this.timeout(3_600_000);
    const [shell] = findShells();
    const waiting = [...mutations];
    const work = async () => {
      for (let mutation = waiting.pop(); mutation; mutation = waiting.pop()) {
        const mutant = text.replace(mutation.from, () => mutation.to);
        const names: string[] = [];
        for (const given of cases) {
          // A mutant that does not end is noticed, too.
          const errors = await errorsOf(given, shell!, mutant).catch((error: unknown) => [String(error)]);
          if (errors.length) names.push(given.name);
          // Then no case is the only one to notice it.
          if (names.length === 2) break;
        }
        if (names.length) killers.set(mutation.breaks, names);
      }
    };
    await Promise.all(Array.from({ length: 3 }, work));
    if (process.env.KILLERS) fs.writeFileSync(process.env.KILLERS, JSON.stringify([...killers], null, 1));
  });

  it("have mutations that each stand at one place of the script and have a name of their own", () => {
    assert.deepStrictEqual(
      mutations.filter(({ from }) => text.split(from).length !== 2),
      [],
    );
    assert.strictEqual(new Set(mutations.map(({ breaks }) => breaks)).size, mutations.length);
  });

  it("have mutations that leave a script that a shell can read", () => {
    const [shell] = findShells();
    const unreadable = mutations.filter(
      ({ from, to }) =>
        spawnSync(shell!.command, [...shell!.arguments, "-n"], { input: text.replace(from, () => to) }).status !== 0,
    );
    assert.deepStrictEqual(unreadable, []);
  });

  for (const { breaks } of mutations) {
    it(`notice a script that breaks: ${breaks}`, () => assert.ok(killers.has(breaks)));
  }

  for (const given of cases.filter(({ standsFor }) => standsFor === undefined)) {
    it(`need ${given.name}, the only one to notice something`, () => {
      assert.ok(
        [...killers.values()].some((names) => names.length === 1 && names[0] === given.name),
        "drop it, or write what it stands for",
      );
    });
  }
});
