import assert from "node:assert/strict";
import { parseSettings } from "../../stacks/settings";
import { stackValues } from "../support/record";
import { check } from "./check";

/** Settings of dev with one more in its pool have to be refused: our stacks cannot even say it. */
function refusesSetting(path: string, key: string, value: unknown): void {
  const values = structuredClone(stackValues("dev")) as Record<string, Record<string, object>>;
  const [part = "", name = ""] = path.split(".");
  const target = name === "" ? values[part] : values[part]?.[name];
  assert(target, path);
  Object.assign(target, { [key]: value });
  assert.throws(() => parseSettings(values), new RegExp(`${path}\\.${key}: no such setting`));
}

describe("faults that public projects shipped", () => {
  describe("an event rule for C2 Instance State-change Notification, which never fires", () => {
    const { refuses } = check("event-rule-pattern");
    it("is refused by the policy event-rule-pattern", () => {
      const eventPattern = '{"source":["aws.ec2"],"detail-type":["C2 Instance State-change Notification"]}';
      refuses(
        { InstanceStateChangeRule: { type: "aws:cloudwatch/eventRule:EventRule", props: { eventPattern } } },
        "C2 Instance",
      );
    });
  });

  describe("interruptionQueueName, a key that Karpenter's chart does not read", () => {
    const { refuses } = check("karpenter-interruption-queue");
    it("is refused by the policy karpenter-interruption-queue, and by the settings", () => {
      refuses({ "karpenter.values.settings": { interruptionQueueName: "queue" } }, "must name a queue, got nothing");
      refusesSetting("karpenter", "interruptionQueueName", "queue");
    });
  });

  describe("WhenUnderutilized, which no API since v1 knows", () => {
    const { refuses } = check("node-pool-consolidation");
    it("is refused by the policy node-pool-consolidation, and by the settings", () => {
      const policy = "nodePool.spec.disruption.consolidationPolicy";
      refuses({ [policy]: "WhenUnderutilized" }, 'must be WhenEmpty, got "WhenUnderutilized"');
      refusesSetting("pools.fast", "consolidationPolicy", "WhenUnderutilized");
    });
  });

  describe("an alias of al2023 under another amiFamily", () => {
    const { refuses } = check("node-class-bottlerocket");
    it("is refused by the policy node-class-bottlerocket, and by the settings", () => {
      const alias = "nodeClass.spec.amiSelectorTerms.0.alias";
      refuses({ [alias]: "al2023@v20260901" }, "must have an alias of bottlerocket");
      refusesSetting("pools.fast", "amiSelectorTerms", [{ alias: "al2023@latest" }]);
    });
  });

  describe("instanceStorePolicy RAID0 beside local volumes", () => {
    const { refuses } = check("node-class-instance-store");
    it("is refused by the policy node-class-instance-store, and by the settings", () => {
      refuses({ "nodeClass.spec.instanceStorePolicy": "RAID0" }, "must be unset beside fast disks");
      refusesSetting("pools.fast", "instanceStorePolicy", "RAID0");
    });
  });
});
