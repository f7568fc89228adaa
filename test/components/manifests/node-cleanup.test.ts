import assert from "node:assert/strict";
import {
  cleanupRules,
  renderCleanupDeployment,
  renderCleanupService,
  validateCleanupTimes,
  validateNodeCleanupArgs,
} from "../../../components/manifests/node-cleanup";
import type { CleanupTimesSpec } from "../../../components/manifests/node-cleanup";
import { refusesEach } from "../../support/errors";

describe("validateCleanupTimes", () => {
  refusesEach<CleanupTimesSpec>(
    (spec) => validateCleanupTimes(spec, "nodeCleanup"),
    [
      ["a delay without unit", { claimDeletionDelay: "60" }, /^nodeCleanup\.claimDeletionDelay: must be a duration/],
      [
        "a delay not longer than the interval",
        { claimDeletionDelay: "10s" },
        /must be longer than discoveryInterval 10s, got "10s"/,
      ],
      [
        "an interval over the default delay",
        { discoveryInterval: "5m" },
        /claimDeletionDelay: must be longer than discoveryInterval 5m/,
      ],
      [
        "a delay that lost fresh claims",
        { claimDeletionDelay: "2s", discoveryInterval: "1s" },
        /must be 5s or longer, .* got "2s"/,
      ],
    ],
  );
});

describe("validateNodeCleanupArgs", () => {
  it("refuses a controller without classes", () => {
    assert.deepEqual(validateNodeCleanupArgs({ storageClasses: [] }), [
      "storageClasses: must list at least one class, got none",
    ]);
  });
});

describe("renderCleanupDeployment", () => {
  it("covers every class, once, after 15 s, without privileges", () => {
    const { replicas, strategy, template } = renderCleanupDeployment({ storageClasses: ["a", "b"] }, "account");
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
    const container = template.spec.containers[0]!;
    assert.deepEqual(container.args, [
      "--storageclass-names=a,b",
      "--pvc-deletion-delay=15s",
      "--stale-pv-discovery-interval=10s",
      "--listen-address=:8080",
    ]);
    assert.match(container.image, /^registry\.k8s\.io\/sig-storage\/local-volume-node-cleanup:v\d/);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.equal(template.spec.securityContext.runAsNonRoot, true);
    assert.match(JSON.stringify(template.spec.affinity), /karpenter.sh\/nodepool","operator":"DoesNotExist"/);
  });
});

describe("renderCleanupService", () => {
  it("finds the controller's metrics", () => {
    const { selector, ports } = renderCleanupService();
    assert.deepEqual(selector, renderCleanupDeployment({ storageClasses: [] }, "").selector.matchLabels);
    assert.equal(ports[0]?.port, 8080);
  });
});

describe("cleanupRules", () => {
  it("let it list nodes, without which it would take every volume for a lost node's, and write events again", () => {
    assert.deepEqual(
      cleanupRules.map(({ resources, verbs }) => `${resources.join()}: ${verbs.join()}`),
      [
        "persistentvolumes: list,watch,delete",
        "persistentvolumeclaims: list,watch,delete",
        "nodes: list,watch",
        "events: create,patch",
      ],
    );
  });
});
