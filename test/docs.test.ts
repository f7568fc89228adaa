import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";
import { fastDisksSchema } from "../components/manifests/fast-disks";
import { renderPlacement } from "../components/manifests/placement";
import type { DiskCapacity } from "../components/manifests/disk-capacity";
import { capacityOfPool } from "../components/manifests/pool";
import type { PoolSpec } from "../components/manifests/pool";
import { names } from "../components/names";
import { causes, renderCauses } from "../offline/data-loss";
import { readSample, samplePattern } from "../offline/plan-sample";
import { errorsInFile, settings } from "./support/wrong-specs";
import { anchorOf, pathsOf, propertiesOf, pythonName, readTypes, renderSettings } from "../offline/settings-reference";

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
  return [...text.replace(/```[^]*?```/g, "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
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
  const settings = settingsOf(fastDisksSchema);
  const rows = tableOf(readme, "setting").map(([name = "", meaning = "", fallback = ""]) => ({
    names: quoted(`${name} ${meaning}`).filter((code) => code.includes(".")),
    own: quoted(name)[0] ?? "",
    fallback,
  }));

  it("has the ten settings that people change first, and none that does not exist", () => {
    assert.equal(rows.length, 10);
    const known = settings.map(({ path }) => path.join("."));
    assert.deepEqual(
      rows.flatMap(({ names }) => names).filter((name) => !known.includes(name)),
      [],
    );
  });

  it("says of a setting that it is required exactly where it is", () => {
    for (const { own, fallback } of rows) {
      const found = settings.find(({ path }) => path.join(".") === own);
      assert.equal(fallback === "required", found?.optional === false, own);
    }
  });

  it("shows parts of a plan as the plan has them", () => {
    assert.equal(samplePattern.exec(readme)?.[0], readSample(), "run npm run goldens");
    const lines = readSample().split("\n").slice(3, -1);
    assert.ok(lines.length > 15, String(lines.length));
    const plan = readFileSync("test/goldens/dev/plan.txt", "utf8").split("\n");
    for (const line of lines)
      assert.ok(
        plan.some((one) => one.startsWith(line.replace(/ …$/, ""))),
        line,
      );
  });

  it("has the two commands, what was tested, and what not", () => {
    assert.match(readme, /```sh\nnpm ci && npm start\nnpm ci && npm test\n```/);
    assert.match(readme, /^## What was tested, and what not$/m);
    assert.match(readme, /^Not tested: /m);
  });

  it("stays short", () => {
    assert.ok(readme.split("\n").length <= 150);
  });
});

describe("docs/settings.md", () => {
  const types = readTypes();
  const written = readFileSync("docs/settings.md", "utf8");

  it("is what the types say", () => {
    assert.equal(renderSettings(types), written, "run npm run changes");
  });

  it("has a row for every setting that a stack file may have", () => {
    const paths = new Map([...pathsOf(types)].flatMap(([name, places]) => places.map((place) => [place, name])));
    const settings = settingsOf(fastDisksSchema).filter(({ path }) => path.at(-1) !== "<name>");
    assert.ok(settings.length > 70, String(settings.length));
    const missing = settings.filter(({ path, optional }) => {
      const noun = types.nouns.get(
        path.length === 1 ? "FastDisksArgs" : (paths.get(path.slice(0, -1).join(".")) ?? ""),
      );
      const found = noun && propertiesOf(types, noun).find(({ name }) => name === path.at(-1));
      return found?.optional !== optional;
    });
    assert.deepEqual(
      missing.map(({ path }) => path.join(".")).filter((path) => !/^(tags|cluster\.admins)\./.test(path)),
      [],
    );
  });

  it("explains every setting", () => {
    const silent = [...types.nouns.values()].flatMap(({ name, own }) =>
      own.filter(({ text, fallback }) => text === "" && fallback === "").map((property) => `${name}.${property.name}`),
    );
    assert.deepEqual(silent, []);
  });

  it("names settings as Python's SDK does", () => {
    const names = ["cidrBlock", "rootVolumeGiB", "kubeconfigJson", "vpcCni", "subnetIds", "queueArn", "id"];
    const python = ["cidr_block", "root_volume_gi_b", "kubeconfig_json", "vpc_cni", "subnet_ids", "queue_arn", "id"];
    assert.deepEqual(names.map(pythonName), python);
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

/** Anchors of a page as GitHub makes them: a second heading of the same words gets a number. */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  const headings = text.replaceAll(/```[^]*?```/g, "").matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) => {
    const anchor = anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** Links of a page to other files and to anchors, outside of code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/```[^]*?```/g, "").replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

describe("the docs", () => {
  const pages = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && existsSync(file));

  it("have no link to a file or an anchor that does not exist", () => {
    let count = 0;
    const broken = pages.flatMap((page) =>
      linksOf(readFileSync(page, "utf8")).filter((link) => {
        if (/^https?:/.test(link)) return false;
        count += 1;
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(anchor);
      }),
    );
    assert.deepEqual(broken, []);
    assert.ok(count > 60, String(count));
  });

  it("are all in the table of contents, and lead back to it", () => {
    const contents = linksOf(readFileSync("docs/README.md", "utf8")).map((link) => link.replace(/#.*/, ""));
    for (const file of readdirSync("docs").filter((name) => name.endsWith(".md") && name !== "README.md")) {
      assert.ok(contents.includes(file), file);
      assert.ok(linksOf(readFileSync(join("docs", file), "utf8")).includes("README.md"), file);
    }
  });

  it("have the table of what happens to data as offline/data-loss.ts has it", () => {
    const page = readFileSync("docs/data-loss.md", "utf8");
    assert.ok(page.includes(`\n${renderCauses()}\n`), "run npm run changes");
  });

  it("count the lines of the reading order, to about ten", () => {
    const read = tableOf(contributing, "file");
    assert.ok(read.length > 5);
    for (const [file = "", lines] of read) {
      const [path = ""] = quoted(file);
      const count = readFileSync(path, "utf8").trimEnd().split("\n").length;
      assert.ok(Math.abs(Number(lines) - count) <= 10, `${path} has ${count} lines, not ${lines ?? "none"}`);
    }
  });

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
      paths.filter((path) => !path.includes("STACK") && !existsSync(path)),
      [],
    );
  });

  it("answer at least ten questions of where something is decided, each by one path", () => {
    const answers = tableOf(contributing, "question");
    assert.ok(answers.length >= 10, String(answers.length));
    for (const [question, answer = ""] of answers) assert.equal(quoted(answer).length, 1, question);
  });
});

interface Claim {
  spec: { storageClassName: string; resources: { requests: { storage: string } } };
}

interface Workload {
  kind: string;
  spec: {
    persistentVolumeClaimRetentionPolicy?: object;
    template: {
      metadata: { labels: Record<string, string> };
      spec: Record<string, unknown> & {
        volumes?: { ephemeral?: { volumeClaimTemplate: Claim } }[];
        containers: [{ resources: Record<"requests" | "limits", Record<string, string>> }];
      };
    };
    volumeClaimTemplates?: Claim[];
  };
}

/** Pools of a stack file by name. */
function poolsOf(stack: string): Record<string, PoolSpec> {
  const { config } = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  return config["eks-fast-disks:pools"] as Record<string, PoolSpec>;
}

/** The settings that the example for counted disks states at its top. */
const counted = parse(
  readFileSync("examples/statefulset-counted.yaml", "utf8")
    .split("\n")
    .flatMap((line) => /^# {3}(.*)$/.exec(line)?.[1] ?? [])
    .join("\n"),
) as { capacity: "counted"; pools: Record<string, PoolSpec> };

interface Example {
  storageClass: string;
  pool: PoolSpec | undefined;
  capacity?: DiskCapacity;
}

const examples: Record<string, Example> = {
  "job.yaml": { storageClass: "fast-disks", pool: poolsOf("dev").fast },
  "statefulset.yaml": { storageClass: "fast-disks", pool: poolsOf("dev").fast },
  "raw-block.yaml": { storageClass: "raw", pool: { ...poolsOf("dev").fast, storageClass: "raw" } },
  "statefulset-counted.yaml": { storageClass: "shared", pool: counted.pools.shared, capacity: counted.capacity },
  "statefulset-dense.yaml": { storageClass: "dense", pool: poolsOf("prod").dense },
};

describe("examples", () => {
  it("are all named on a page, and no page names one that does not exist", () => {
    const texts = readdirSync("docs").map((file) => readFileSync(join("docs", file), "utf8"));
    const named = texts.flatMap((text) => quoted(text)).filter((code) => code.startsWith("examples/"));
    const files = readdirSync("examples", { recursive: true, encoding: "utf8" })
      .map((file) => `examples/${file}`)
      .filter((file) => file.includes("."));
    assert.deepEqual(
      files.filter(
        (file) => !named.some((name) => file === name || file.startsWith(name.endsWith("/") ? name : `${name}/`)),
      ),
      [],
    );
    assert.deepEqual(
      named.filter((name) => !existsSync(name)),
      [],
    );
  });

  it("state settings that a stack takes, for several consumers on each node", () => {
    assert.deepEqual(errorsInFile({ ...settings(), nodeGroups: undefined, ...counted }), []);
    assert.deepEqual(capacityOfPool(counted.pools.shared ?? {}, counted.capacity).disks, { min: 4, max: 4 });
  });

  for (const [file, { storageClass, pool, capacity }] of Object.entries(examples))
    describe(file, () => {
      const documents = parseAllDocuments(readFileSync(join("examples", file), "utf8"));
      const found = documents.map((document) => document.toJS() as { kind: string });
      const { kind, spec } = found.find((one) => ["StatefulSet", "Job"].includes(one.kind)) as Workload;
      const ephemeral = (spec.template.spec.volumes ?? []).flatMap((volume) => volume.ephemeral ?? []);

      it("places its pods by the output", () => {
        const placement = renderPlacement(storageClass, capacity);
        for (const [key, value] of Object.entries(placement.spec))
          assert.deepEqual(spec.template.spec[key] ?? {}, value);
        const [{ resources }] = spec.template.spec.containers;
        for (const part of ["requests", "limits"] as const)
          assert.equal(resources[part][names.diskResource], placement.resources[part][names.diskResource]);
        for (const [key, value] of Object.entries(placement.labels))
          assert.equal(spec.template.metadata.labels[key], value);
      });

      it("claims what every node of its pool holds", () => {
        const [claim] = spec.volumeClaimTemplates ?? ephemeral.map((one) => one.volumeClaimTemplate);
        assert.equal(claim?.spec.storageClassName, storageClass);
        assert.ok(pool);
        assert.equal(pool.storageClass, storageClass);
        const { storage } = claim.spec.resources.requests;
        assert.match(storage, /^\d+Gi$/);
        assert.ok(parseInt(storage) <= capacityOfPool(pool).largestClaimGi);
      });

      it("lets claims go with their pods", () => {
        const whole = { whenDeleted: "Delete", whenScaled: "Delete" };
        if (kind === "StatefulSet") assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, whole);
        else assert.equal(ephemeral.length, 1);
      });
    });
});
