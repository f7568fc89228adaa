import { chartOf } from "./kinds";
import { resourcePolicy } from "./policy";
import { must } from "./value";

export const karpenterInterruptionQueue = resourcePolicy({
  name: "karpenter-interruption-queue",
  severity: "high",
  description:
    "Karpenter's controller reads an interruption queue: under any other key of the chart the queue is never read, and spot nodes go without a drain.",
  remedy: "set values.settings.interruptionQueue to the queue's name",
  kinds: ["chart"],
  applies: (resource) => chartOf(resource) === "karpenter",
  faults: ({ props }) =>
    must(
      props,
      "values.settings.interruptionQueue",
      "name a queue",
      (value) => typeof value === "string" && value !== "",
    ),
});
