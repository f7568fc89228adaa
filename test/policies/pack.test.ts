import type { PolicyPackConfig } from "@pulumi/policy";
import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import { run } from "../../offline/policies";
import { createPolicies, presets } from "../../policies/index";
import { marks } from "../../policies/value";
import { record, settingsOf } from "../support/record";
import { base64, compliantStack, edited, registered } from "./chain";
import type { Edits } from "./chain";
import { Engine, secret } from "./engine";
import type { Registered } from "./engine";

describe("the policy pack, as the engine runs it", () => {
  let engine: Engine;
  before(async () => (engine = await Engine.start("policies")));
  after(() => {
    engine.stop();
  });

  const judge = async (config: PolicyPackConfig, edits: Edits = {}) => {
    await engine.configure(config);
    const found = await engine.judge(registered(edited(edits).stack));
    return found.map(({ policy, level, message }) => `${level} ${policy}: ${message.split("\n").at(-1) ?? ""}`);
  };

  it("tells the engine of each policy all that it can show", async () => {
    const info = await engine.info();
    assert.equal(info.name, "eks-fast-disks");
    assert.equal(info.supportsconfig, true);
    for (const {
      name,
      description,
      displayname,
      remediationSteps,
      severity,
      policyType,
      url,
      tagsList,
    } of info.policiesList) {
      assert.match(description, /^[A-Z].{40,}\.$/s, name);
      assert.ok(remediationSteps !== "" && Boolean(severity) && Boolean(policyType), name);
      assert.equal(url, `https://github.com/eks-fast-disks/eks-fast-disks/blob/HEAD/policies/README.md#${name}`);
      assert.match(displayname, /^[A-Z]/, name);
      assert.equal(tagsList.length, 1, name);
    }
  });

  describe("settings", () => {
    it("are those of the whole pack, and said once", async () => {
      const moved: Edits = {
        "nodePool.spec.template.metadata.labels": { "example.com/disks": "scratch" },
        "nodePool.spec.template.spec.expireAfter": undefined,
        "provisioner.values.nodeSelector": { "eks-fast-disks/class": "other" },
        consumer: undefined,
      };
      assert.deepEqual(await judge({}, moved), []);
      const found = await judge({ settings: { label: "example.com/disks" } }, moved);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? "", /^mandatory node-pool-expiry: /);
      // The next configuration starts from the defaults.
      assert.deepEqual(await judge({}, moved), []);
    });

    const rows: [config: PolicyPackConfig, message: string][] = [
      [{ "node-pool-drfit": "advisory" }, 'no policy is called "node-pool-drfit"; did you mean "node-pool-drift"?'],
      [
        { "node-pool-drift": { allow: true } },
        'node-pool-drift: no setting is called "allow"; did you mean "allowed"?',
      ],
      [{ "queue-tls": { strict: true } }, 'queue-tls: no setting is called "strict"; it has no settings'],
      [{ settings: { label: "" } }, 'settings.label must not be empty; leave it out for "eks-fast-disks/class"'],
      [{ settings: { classes: [""] } }, "settings.classes must not be empty"],
      [{ settings: { container: 1 } }, "settings.container must be of type string, got 1"],
      [{ "node-pool-width": { minimum: "ten" } }, 'node-pool-width.minimum must be of type integer, got "ten"'],
      [{ "provisioner-folder": { folders: ["(", 1] } }, "provisioner-folder.folders must be of type array"],
    ];
    for (const [config, message] of rows)
      it(`refuse ${JSON.stringify(config)}`, async () => {
        const found = await judge(config);
        assert.equal(found.length, 1, found.join("\n"));
        assert.ok(found[0]?.startsWith(`mandatory settings: ${message}`), found[0]);
      });

    it("take what is no pattern as text", async () => {
      assert.deepEqual(
        await judge({ "provisioner-folder": { folders: ["("] }, settings: { label: "(", classes: ["["] } }),
        [],
      );
    });

    it("are enforcement levels, too, for one policy and for all", async () => {
      const edits = { "nodePool.spec.template.spec.expireAfter": undefined };
      assert.match((await judge({}, edits)).join(), /^mandatory node-pool-expiry/);
      assert.match((await judge({ "node-pool-expiry": "advisory" }, edits)).join(), /^advisory node-pool-expiry/);
      assert.deepEqual(await judge({ "node-pool-expiry": "disabled" }, edits), []);
      assert.match((await judge({ all: "advisory" }, edits)).join(), /^advisory node-pool-expiry/);
    });

    const verdicts: [config: PolicyPackConfig, edits: Edits][] = [
      [{ "node-pool-drift": { allowed: true } }, { "nodePool.spec.disruption.budgets": undefined }],
      [
        { "node-pool-consolidation": { allowed: ["Balanced"] } },
        { "nodePool.spec.disruption.consolidationPolicy": "Balanced" },
      ],
      [{ "node-pool-consolidation": { minimumSeconds: 5 } }, { "nodePool.spec.disruption.consolidateAfter": "5s" }],
      [{ "node-pool-width": { minimum: 1 } }, { "nodePool.spec.template.spec.requirements.5.values": ["4"] }],
      [
        { "provisioner-wipe": { shred: true } },
        { "provisioner.values.classes.0.blockCleanerCommand": ["/scripts/shred.sh"] },
      ],
      [
        { "user-data-valid": { maximumBytes: 32768 } },
        { "launchTemplate.userData": base64(`[settings]\n# ${"x".repeat(20000)}\n`) },
      ],
      [
        { "provisioner-folder": { folders: ["/other/"] } },
        { "nodeClass.spec.userData": "[settings.kubernetes]\nlog-level = 2\n" },
      ],
      [{ "cluster-audit-logs": { types: ["api"] } }, { "cluster.enabledClusterLogTypes": ["api"] }],
      [
        { "repository-encrypted": { types: ["NONE"] } },
        { "repository.encryptionConfigurations.0.encryptionType": "NONE" },
      ],
      [
        { "node-pool-spot": { onDemandFallback: true } },
        { "nodePool.spec.template.spec.requirements.1.values": ["spot", "on-demand"] },
      ],
      [
        { "interruption-events": { detailTypes: ["EBS Snapshot Notification"] } },
        {
          "stateRule.eventPattern":
            '{"source":["aws.ec2"],"detail-type":["EBS Snapshot Notification","EC2 Instance State-change Notification"]}',
        },
      ],
      [
        { "storage-class-reclaim-policy": { allowed: ["Recycle", "Delete"] } },
        { "storageClass.reclaimPolicy": "Recycle" },
      ],
    ];
    for (const [config, edits] of verdicts)
      it(`change the verdict that ${JSON.stringify(config)} is about`, async () => {
        assert.equal((await judge({}, edits)).length, 1);
        assert.deepEqual(await judge(config, edits), []);
      });

    it("forbid named ranges where the API is private", async () => {
      assert.match(
        (await judge({ "cluster-public-cidrs": { public: false } })).join(),
        /endpointPublicAccess must be false, got true/,
      );
    });
  });

  it("passes with each preset, which states what exists", async () => {
    for (const [name, preset] of Object.entries(presets)) {
      const expected = name === "prod" ? ["cluster-public-cidrs", "storage-class-reclaim-policy"] : [];
      const found = (await judge(preset)).map((one) => one.replace(/^\w+ ([\w-]+):.*/s, "$1"));
      assert.deepEqual([...new Set(found)].sort(), expected, name);
    }
  });

  for (const stack of ["dev", "prod"] as const)
    it(`passes our own stack ${stack} with its preset, known and in a first preview`, async () => {
      const { resources } = await record(() => new FastDisks("fast-disks", settingsOf(stack)));
      await engine.configure(presets[stack]);
      assert.ok(resources.length > 70);
      for (const part of ["cleanup-controller", "disk-controller-deployment", "disk-controller-repository"])
        assert.ok(
          resources.some(({ name }) => name === `fast-disks-${part}`),
          part,
        );
      assert.deepEqual(await engine.judge(resources), []);
      const unknown = resources.map((one) => ({
        ...one,
        outputs: { ...one.outputs, id: marks[2], arn: marks[2], url: marks[2], name: marks[2], metadata: marks[6] },
      }));
      assert.deepEqual(await engine.analyzeStack(unknown), []);
    });

  it("lets Pulumi except one resource from one policy, with its reason", async () => {
    const second = structuredClone(compliantStack().nodePool);
    assert(second);
    const edits: Edits = {
      cache: second,
      "nodePool.spec.disruption.budgets": [],
      "cache.spec.disruption.budgets": [],
      "cache.metadata.name": "cache",
    };
    await engine.configure(presets.shared);
    const found = await engine.judge(registered(edited(edits).stack));
    assert.deepEqual(
      found.map(({ policy }) => policy),
      ["node-pool-drift", "node-pool-drift"],
    );
    const [first] = found;
    // What Pulumi does with an exception: a violation of a named policy on a named URN stops nothing.
    const exception = {
      reason: "rebuilt in minutes",
      match: [{ policies: ["node-pool-drift"], targets: [first?.urn ?? ""] }],
    };
    const left = found.filter(
      ({ policy, urn }) =>
        !exception.match.some(({ policies, targets }) => policies.includes(policy) && targets.includes(urn)),
    );
    assert.equal(left.length, 1);
    assert.match(
      first?.urn ?? "",
      /^urn:pulumi:test::eks-fast-disks::kubernetes:karpenter\.sh\/v1:NodePool::(nodePool|cache)$/,
    );
  });

  describe("remediation", () => {
    const remediate = async (resource: Registered, level: "remediate" | "mandatory" = "remediate") => {
      await engine.configure({ "node-metadata-imdsv2": level, "repository-scanned": level });
      return engine.remediate(resource);
    };
    const own = (name: string, edits: Edits = {}) => {
      const found = registered(edited(edits).stack).find((one) => one.name === name);
      assert(found);
      return found;
    };
    const safe = { httpTokens: "required", httpPutResponseHopLimit: 1 };

    it("requires IMDSv2 with one hop, and leaves the other options", async () => {
      const edits = { "nodeClass.spec.metadataOptions": { httpPutResponseHopLimit: 2, httpEndpoint: "enabled" } };
      const { spec } = (await remediate(own("nodeClass", edits))) as { spec: { metadataOptions: object } };
      assert.deepEqual(spec.metadataOptions, { httpEndpoint: "enabled", ...safe });
      const template = own("launchTemplate", {
        "launchTemplate.metadataOptions": undefined,
        "launchTemplate.name": secret("system"),
      });
      const inputs = await remediate(template);
      assert.deepEqual(inputs.metadataOptions, safe);
      assert.deepEqual(inputs.name, secret("system"));
    });
    it("scans on push", async () => {
      const { imageScanningConfiguration } = await remediate(
        own("repository", { "repository.imageScanningConfiguration": undefined }),
      );
      assert.deepEqual(imageScanningConfiguration, { scanOnPush: true });
    });
    it("changes nothing that complies, that is for another OS, or that was not asked for", async () => {
      for (const name of ["nodeClass", "launchTemplate", "repository"]) {
        const resource = own(name);
        assert.equal(await remediate(resource), resource.inputs);
      }
      const other = own("launchTemplate", {
        "launchTemplate.metadataOptions": {},
        "launchTemplate.userData": base64("#!/bin/bash\n"),
      });
      assert.equal(await remediate(other), other.inputs);
      const open = own("repository", { "repository.imageScanningConfiguration": undefined });
      assert.equal(await remediate(open, "mandatory"), open.inputs);
    });
  });
});

describe("createPolicies", () => {
  it("gives a pack of one's own the same policies, for its own chain", () => {
    const own = createPolicies({ label: "example.com/disks" });
    assert.deepEqual(
      own.policies.map(({ name }) => name),
      createPolicies().policies.map(({ name }) => name),
    );
    assert.equal(own.policies[0]?.configSchema?.properties.label?.default, "example.com/disks");
  });
  it("takes nothing else than settings, and says so by the policy settings", () => {
    const said = (settings: object) => createPolicies(settings).policies.flatMap((one) => run(one, [], {}).messages);
    assert.deepEqual(said({ label: "example.com/disks" }), []);
    assert.match(said({ lable: "example.com/disks" }).join(), /no setting is called "lable"; did you mean "label"\?/);
    assert.match(said({ classes: [], label: "" }).join(), /settings\.label must not be empty/);
  });
});
