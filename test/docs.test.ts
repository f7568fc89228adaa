import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";
import { renderPlacement } from "../components/manifests/placement";
import { capacityOfPool } from "../components/manifests/pool";
import type { PoolSpec } from "../components/manifests/pool";
import { causes, renderCauses } from "../offline/data-loss";
import { stackSchema } from "../stacks/settings";

const readme = readFileSync("README.md", "utf8");
const contributing = readFileSync("CONTRIBUTING.md", "utf8");

/** Rows of the table with this header, as cells. */
function tableOf(text: string, header: string): string[][] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`)) + 2;
  assert.ok(start > 1, header);
  const rows = lines.slice(start, lines.indexOf("", start));
  return rows.map((row) => row.slice(2, -2).split(" | "));
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

interface Setting {
  path: string[];
  optional: boolean;
  /** Has settings below it. */
  table: boolean;
}

/** Every setting of a schema; what stands below Bottlerocket's own tables is in the types. */
function settingsOf(schema: z.ZodType, path: string[] = [], optional = false): Setting[] {
  if (schema instanceof z.ZodOptional) return settingsOf(schema.unwrap() as z.ZodType, path, true);
  const inner = membersOf(schema, path);
  const own = path.length > 0 ? [{ path, optional, table: inner.length > 0 }] : [];
  return [...own, ...inner.flatMap(([key, item]) => settingsOf(item, [...path, key]))];
}

function membersOf(schema: z.ZodType, path: string[]): [string, z.ZodType][] {
  const insideBottlerocket = path.at(-1) === "bottlerocket" ? path.length > 1 : path.indexOf("settings") > 0;
  if (insideBottlerocket && path.at(-1) !== "settings") return [];
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = schema.shape;
    return Object.entries(shape);
  }
  if (schema instanceof z.ZodRecord && path.length === 1) return [["<name>", schema.valueType as z.ZodType]];
  return [];
}

describe("the README", () => {
  const settings = settingsOf(stackSchema).filter(({ path }) => path[0] !== "tags" || path.length === 1);
  const rows = tableOf(readme, "setting").map(([names = "", meaning = "", fallback = ""]) => ({
    names: quoted(names),
    meaning: quoted(meaning),
    fallback,
  }));

  it("has every setting in its table: in a row of its own, or in that of the table that holds it", () => {
    assert.ok(settings.length > 70, String(settings.length));
    const missing = settings
      .filter(({ table }) => !table)
      .map(({ path }) => path)
      .filter((path) => {
        const [own, parent, key] = [path.join("."), path.slice(0, -1).join("."), path.at(-1) ?? ""];
        const [grandparent, above] = [path.slice(0, -2).join("."), path.at(-2) ?? ""];
        return !rows.some(
          ({ names, meaning }) =>
            names.includes(own) ||
            (names.includes(parent) && meaning.includes(key)) ||
            (names.includes(grandparent) && meaning.includes(above) && meaning.includes(key)),
        );
      });
    assert.deepEqual(missing, []);
  });

  it("has no setting in its table that does not exist", () => {
    const known = settings.map(({ path }) => path.join("."));
    assert.deepEqual(
      rows.flatMap(({ names }) => names).filter((name) => !known.includes(name)),
      [],
    );
  });

  it("says of a setting that it is required exactly where it is", () => {
    for (const { names, fallback } of rows)
      for (const name of names) {
        const found = settings.find(({ path }) => path.join(".") === name);
        assert.equal(
          fallback === "required",
          found?.optional === false && !name.includes("<name>") && !found.table,
          name,
        );
      }
  });

  it("has the table of what happens to data as offline/data-loss.ts has it", () => {
    assert.ok(readme.includes(`\n${renderCauses()}\n`), "run npm run changes");
  });

  it("counts the lines of its reading order, to about ten", () => {
    const read = tableOf(readme, "file");
    assert.ok(read.length > 5);
    for (const [file = "", lines] of read) {
      const [path = ""] = quoted(file);
      const count = readFileSync(path, "utf8").trimEnd().split("\n").length;
      assert.ok(Math.abs(Number(lines) - count) <= 10, `${path} has ${count} lines, not ${lines ?? "none"}`);
    }
  });

  it("stays short", () => {
    assert.ok(readme.split("\n").length <= 180);
  });
});

describe("the list of causes of data loss", () => {
  it("names each kind of interruption once, and says what a drained or terminated node loses", () => {
    const kinds = causes.flatMap(({ interruptions }) => Object.keys(interruptions ?? {}));
    assert.ok(kinds.length >= 10, String(kinds.length));
    assert.equal(new Set(kinds).size, kinds.length);
    for (const { cause, effect, interruptions } of causes)
      for (const action of Object.values(interruptions ?? {}))
        assert.match(effect, action === "left alone" ? /^stays/ : /^\*\*lost\*\*/, cause);
  });
});

describe("the docs", () => {
  it("name only commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    for (const text of [readme, contributing])
      for (const [, command = ""] of text.matchAll(/npm run\s+([\w:]+)/g)) assert.ok(command in scripts, command);
  });

  it("name only files that exist", () => {
    const texts = [
      readme,
      contributing,
      ...readdirSync("docs").map((file) => readFileSync(join("docs", file), "utf8")),
    ];
    const paths = texts
      .flatMap(quoted)
      .filter((code) =>
        /^(components|catalogue|stacks|offline|policies|bootstrap|examples|docs|test)\/[\w./-]+$/.test(code),
      );
    assert.ok(paths.length > 20, String(paths.length));
    assert.deepEqual(
      paths.filter((path) => !existsSync(path)),
      [],
    );
  });

  it("answer at least ten questions of where something is decided, each by one path", () => {
    const answers = tableOf(contributing, "question");
    assert.ok(answers.length >= 10, String(answers.length));
    for (const [question, answer = ""] of answers) assert.equal(quoted(answer).length, 1, question);
  });
});

interface StatefulSet {
  spec: {
    persistentVolumeClaimRetentionPolicy?: object;
    template: { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> };
    volumeClaimTemplates: { spec: { storageClassName: string; resources: { requests: { storage: string } } } }[];
  };
}

/** Pools of a stack file by name. */
function poolsOf(stack: string): Record<string, PoolSpec> {
  const { config } = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  return config["eks-fast-disks:pools"] as Record<string, PoolSpec>;
}

const examples = {
  "statefulset.yaml": { storageClass: "fast-disks", pool: poolsOf("dev").fast },
  "statefulset-dense.yaml": { storageClass: "dense", pool: poolsOf("prod").dense },
};

describe("examples", () => {
  it("are all tested here", () => {
    assert.deepEqual(readdirSync("examples").sort(), Object.keys(examples).sort());
  });

  for (const [file, { storageClass, pool }] of Object.entries(examples))
    describe(file, () => {
      const documents = parseAllDocuments(readFileSync(join("examples", file), "utf8"));
      const found = documents.map((document) => document.toJS() as { kind: string });
      const { spec } = found.find(({ kind }) => kind === "StatefulSet") as unknown as StatefulSet;

      it("places its pods by the output", () => {
        const placement = renderPlacement(storageClass);
        for (const [key, value] of Object.entries(placement.spec)) assert.deepEqual(spec.template.spec[key], value);
        for (const [key, value] of Object.entries(placement.labels))
          assert.equal(spec.template.metadata.labels[key], value);
      });

      it("claims what every node of its pool holds", () => {
        const [claim] = spec.volumeClaimTemplates;
        assert.equal(claim?.spec.storageClassName, storageClass);
        assert.ok(pool);
        assert.equal(pool.storageClass, storageClass);
        const { storage } = claim.spec.resources.requests;
        assert.match(storage, /^\d+Gi$/);
        assert.ok(parseInt(storage) <= capacityOfPool(pool).largestClaimGi);
      });

      it("lets claims go with their pods", () => {
        assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Delete", whenScaled: "Delete" });
      });
    });
});
