import assert from "node:assert/strict";
import { renderDiskController, renderDiskControllerService } from "../../../components/manifests/disk-controller";
import { renderCleanupDeployment, renderCleanupService } from "../../../components/manifests/node-cleanup";
import {
  renderProvisionerService,
  renderServiceMonitor,
  serviceLabels,
  targets,
} from "../../../components/manifests/service-monitor";

describe("renderServiceMonitor", () => {
  it("finds a part's Service by the label that it has, in its namespace alone", () => {
    const { namespaceSelector, selector, jobLabel } = renderServiceMonitor(targets.nodeCleanup, "cleanup");
    assert.deepEqual(namespaceSelector, { matchNames: ["cleanup"] });
    assert.deepEqual(selector.matchLabels, serviceLabels(targets.nodeCleanup));
    assert.ok(jobLabel in selector.matchLabels);
  });

  it("names the port that the Service has", () => {
    const services = {
      nodeCleanup: renderCleanupService(),
      diskController: renderDiskControllerService(),
      provisioner: renderProvisionerService(),
    };
    for (const [part, { ports }] of Object.entries(services)) {
      const [endpoint] = renderServiceMonitor(targets[part as keyof typeof services], "x").endpoints;
      assert.deepEqual(
        ports.map(({ name }) => name),
        [endpoint?.port],
        part,
      );
    }
  });
});

describe("serviceLabels", () => {
  it("are those by which the Services find their pods", () => {
    const cleanup = renderCleanupDeployment({ storageClasses: ["a"] }, "x").template.metadata.labels;
    assert.deepEqual(serviceLabels(targets.nodeCleanup), cleanup);
    const controller = renderDiskController({ storageClasses: ["a"] }, "x", "x", "x").template.metadata.labels;
    assert.deepEqual(serviceLabels(targets.diskController), controller);
  });
});
