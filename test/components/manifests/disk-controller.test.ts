import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  diskControllerRules,
  leaseRules,
  renderDiskController,
  renderDiskControllerService,
  renderDisruptionBudget,
  validateDiskControllerArgs,
} from "../../../components/manifests/disk-controller";
import { names } from "../../../components/names";
import { readOptions } from "../../../disk-controller/options";
import { taintKey } from "../../../disk-controller/records";
import { refusesEach } from "../../support/errors";

const render = (own: object = {}) =>
  renderDiskController({ storageClasses: ["a", "b"], ...own }, "image@sha256:0", "space", "account");

describe("validateDiskControllerArgs", () => {
  refusesEach<object>(validateDiskControllerArgs, [
    ["no class", { storageClasses: [] }, /^storageClasses: must list at least one class, got none/],
    ["a word that is no capacity", { storageClasses: ["a"], capacity: "many" }, /^capacity: must be one of exclusive/],
    ["an image by tag", { storageClasses: ["a"], reference: "own:1" }, /^reference: must be an image by digest/],
    ["a tag of AWS's own", { storageClasses: ["a"], tags: { "aws:a": "b" } }, /^tags\.aws:a: /],
  ]);
});

describe("renderDiskController", () => {
  const { replicas, template, selector } = render();
  const container = template.spec.containers[0]!;

  it("gives the program flags that it reads, for all classes, and its Lease beside it", () => {
    const options = readOptions(container.args);
    assert.deepEqual([...options.storageClasses], ["a", "b"]);
    assert.deepEqual([options.leaseNamespace, options.metricsPort], ["space", container.ports[0]?.containerPort]);
  });

  it("says the capacity where it is not the program's own default", () => {
    const { args } = render({ capacity: "counted" }).template.spec.containers[0]!;
    assert.equal(readOptions(args).capacity, "counted");
    for (const own of [{}, { capacity: "exclusive" }]) {
      const { args } = render(own).template.spec.containers[0]!;
      assert.equal(readOptions(args).capacity, "exclusive");
      assert.deepEqual(args, container.args);
    }
  });

  it("has two replicas on system nodes of the image's architecture, on two hosts also while they are updated", () => {
    assert.equal(replicas, 2);
    assert.match(JSON.stringify(template.spec.affinity), /karpenter.sh\/nodepool","operator":"DoesNotExist"/);
    assert.equal(template.spec.nodeSelector["kubernetes.io/arch"], "arm64");
    const own = render({ reference: "x" }).template.spec.nodeSelector;
    assert.equal("kubernetes.io/arch" in own, false);
    const [spread] = template.spec.topologySpreadConstraints;
    assert.deepEqual(
      [spread?.topologyKey, spread?.whenUnsatisfiable, spread?.labelSelector, spread?.matchLabelKeys],
      ["kubernetes.io/hostname", "DoNotSchedule", selector, ["pod-template-hash"]],
    );
  });

  it("runs without privileges, as the user of its image", () => {
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const { runAsNonRoot, runAsUser, seccompProfile } = template.spec.securityContext;
    assert.deepEqual([runAsNonRoot, seccompProfile], [true, { type: "RuntimeDefault" }]);
    const dockerfile = readFileSync("disk-controller/Dockerfile", "utf8");
    assert.match(dockerfile, new RegExp(`^USER ${runAsUser}:`, "m"));
  });

  it("is asked by the paths that it answers", () => {
    const server = readFileSync("disk-controller/server.ts", "utf8");
    for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
      assert.ok(server.includes(`"${httpGet.path}"`), httpGet.path);
  });
});

describe("renderDiskControllerService", () => {
  it("finds the controller's metrics", () => {
    const { selector, ports } = renderDiskControllerService();
    assert.deepEqual(selector, render().selector.matchLabels);
    assert.equal(ports[0]?.targetPort, render().template.spec.containers[0]?.ports[0]?.name);
  });
});

describe("renderDisruptionBudget", () => {
  it("leaves one replica", () => {
    assert.deepEqual(renderDisruptionBudget(), { maxUnavailable: 1, selector: render().selector });
  });
});

describe("diskControllerRules", () => {
  it("let it read what it counts, write nodes and events, and delete pods of lost nodes", () => {
    assert.deepEqual(
      diskControllerRules.map(({ resources, verbs }) => `${resources.join()}: ${verbs.join()}`),
      [
        "nodes: get,list,watch,patch",
        "nodes/status: patch",
        "persistentvolumes: list,watch",
        "persistentvolumeclaims: get,list,watch",
        "pods: list,watch,delete",
        "nodeclaims: list,watch",
        "events: create",
      ],
    );
  });
});

describe("leaseRules", () => {
  it("are for the program's own Lease", () => {
    const name = leaseRules[1]?.resourceNames?.[0];
    assert.ok(name !== undefined && readFileSync("disk-controller/lease.ts", "utf8").includes(`"${name}"`));
    assert.deepEqual(
      leaseRules.map(({ verbs }) => verbs.join()),
      ["create", "get,update"],
    );
  });
});

describe("names", () => {
  it("has the taint under the name that the program gives it", () => {
    assert.equal(names.takenTaint, taintKey);
  });
});
