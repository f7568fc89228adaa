import assert from "node:assert/strict";
import { renderDashboard } from "../../../components/manifests/dashboard";

interface Panel {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  targets: { refId: string; expr: string; datasource: { uid: string } }[];
}
interface Dashboard {
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string }[] };
  panels: Panel[];
}

const render = (name = "x") =>
  JSON.parse(
    renderDashboard(name, {
      storageClasses: { a: {} },
      nodePools: ["p"],
      localVolumesNamespace: "volumes",
      nodeCleanupNamespace: "cleanup",
      diskControllerNamespace: "controller",
    }),
  ) as Dashboard;

describe("renderDashboard", () => {
  it("has panels that do not overlap, each with a number and a title of its own", () => {
    const { panels } = render();
    assert.ok(panels.length >= 10, String(panels.length));
    for (const key of ["id", "title"] as const)
      assert.equal(new Set(panels.map((panel) => panel[key])).size, panels.length, key);
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    assert.equal(new Set(places).size, panels.length);
    for (const { gridPos } of panels) assert.ok(gridPos.x + gridPos.w <= 24);
  });

  it("reads the data source that the reader chooses", () => {
    const { templating, panels } = render();
    assert.deepEqual(
      templating.list.map(({ name, type }) => [name, type]),
      [["datasource", "datasource"]],
    );
    for (const { datasource, targets } of panels)
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)])
        assert.equal(uid, "${datasource}");
  });

  it("has an id that Grafana takes", () => {
    assert.equal(render("n".repeat(60)).uid, "n".repeat(40));
  });

  it("shows only the parts that are there", () => {
    const { panels } = JSON.parse(renderDashboard("x", { storageClasses: { a: {} } })) as Dashboard;
    for (const { expr } of panels.flatMap(({ targets }) => targets)) assert.match(expr, /kube_persistentvolume/);
  });
});
