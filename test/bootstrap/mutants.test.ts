import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import type { Case } from "./case";
import { errorsOf, findShells, readCases, script } from "./case";
import type { Mutation } from "./mutations";
import { mutations } from "./mutations";

describe("the cases", () => {
  const text = fs.readFileSync(script, "utf8");
  const shell = findShells()[0]!;
  const cases = readCases();
  /** Those that noticed one of the last mutants come first: the next one is a neighbour. */
  let order = cases;
  const onlyKillers = new Set<Case>();

  /** The cases that notice a mutant; of more than two, any two or some more. */
  async function findKillers({ from, to }: Mutation): Promise<Case[]> {
    const mutant = text.replace(from, () => to);
    const waiting = [...order];
    const killers: Case[] = [];
    const work = async () => {
      for (let given = waiting.shift(); given && killers.length < 2; given = waiting.shift())
        if ((await errorsOf(given, shell, mutant)).length) killers.push(given);
    };
    await Promise.all(Array.from({ length: os.availableParallelism() }, work));
    return killers;
  }

  it("have mutations that each stand at one place of the script and have a name of their own", () => {
    assert.deepStrictEqual(
      mutations.filter(({ from }) => text.split(from).length !== 2),
      [],
    );
    assert.strictEqual(new Set(mutations.map(({ breaks }) => breaks)).size, mutations.length);
  });

  it("have mutations that leave a script that a shell can read", () => {
    const unreadable = mutations.filter(
      ({ from, to }) =>
        spawnSync(shell.command, [...shell.arguments, "-n"], { input: text.replace(from, () => to) }).status !== 0,
    );
    assert.deepStrictEqual(unreadable, []);
  });

  for (const mutation of mutations) {
    it(`notice a script that breaks: ${mutation.breaks}`, async () => {
      const killers = await findKillers(mutation);
      order = [...killers, ...order.filter((given) => !killers.includes(given))];
      if (killers.length === 1) onlyKillers.add(killers[0]!);
      assert.ok(killers.length > 0, "no case notices it");
    });
  }

  for (const given of cases.filter(({ standsFor }) => standsFor === undefined)) {
    it(`need ${given.name}, the only one to notice something`, () => {
      assert.ok(onlyKillers.has(given), "drop it, or write what it stands for");
    });
  }
});
