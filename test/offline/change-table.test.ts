import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { fastDisksSchema } from "../../components/manifests/fast-disks";
import { changeRows, renderChanges } from "../../offline/change-table";
import type { ChangeRow } from "../../offline/change-table";

describe("docs/changes.md", () => {
  let rows: ChangeRow[];
  before(async () => {
    rows = await changeRows();
  });

  it("is what the plans before and after each change say", () => {
    const written = readFileSync(join(__dirname, "..", "..", "docs", "changes.md"), "utf8");
    assert.equal(renderChanges(rows), written, "run npm run changes");
  });

  it("has a row for every setting", () => {
    const covered = new Set(rows.map(({ setting }) => setting));
    // What stands below Bottlerocket's settings ends in one place, the user data.
    const settings = leavesOf(fastDisksSchema, []).map((path) =>
      path.replace(/(bottlerocket(\.settings)?)\.(?!version).*/, "$1"),
    );
    const inside = (setting: string) => [...covered].some((one) => setting === one || setting.startsWith(`${one}.`));
    assert.deepEqual(
      [...new Set(settings)].filter((setting) => setting !== "bottlerocket" && !inside(setting)),
      [],
    );
  });

  it("has a source for everything that happens", () => {
    for (const { changes, setting } of rows) for (const { source } of changes) assert.notEqual(source, "", setting);
  });

  it("loses data only where nodes go", () => {
    const lost = rows.filter(({ changes }) =>
      changes.some(({ effect, type }) => effect === "deleted" && type.endsWith(":NodePool")),
    );
    assert.deepEqual(
      lost.map(({ setting, what }) => `${setting} ${what}`),
      ["pools.<name> renamed or removed"],
    );
  });
});

function leavesOf(schema: z.ZodType, path: string[]): string[] {
  if (schema instanceof z.ZodOptional) return leavesOf(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodRecord)
    return leavesOf(schema.valueType as z.ZodType, [
      ...path,
      path.length === 1 && path[0] === "tags" ? "<key>" : "<name>",
    ]);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, item]) =>
      leavesOf(item, [...path, key]),
    );
  return [path.join(".")];
}
