import { resourcePolicy } from "./policy";
import { at, show } from "./value";

export const queueEncryption = resourcePolicy({
  name: "queue-encryption",
  severity: "high",
  description:
    "A queue is encrypted, in a way in which EventBridge can write to it: to one under alias/aws/sqs no event arrives, and nobody is told.",
  remedy:
    "set sqsManagedSseEnabled to true, or kmsMasterKeyId to a key of your own that lets events.amazonaws.com use it",
  kinds: ["queue"],
  faults: ({ props }) => {
    const managed = at(props, "sqsManagedSseEnabled");
    const key = at(props, "kmsMasterKeyId");
    if (typeof key === "string" && key.includes("alias/aws/sqs"))
      return [`kmsMasterKeyId must not be AWS's, got ${show(key)}`];
    const encrypted = typeof managed === "symbol" || managed === true || ![undefined, null, ""].includes(key as never);
    return encrypted ? [] : [`sqsManagedSseEnabled must be true, got ${show(managed)}`];
  },
});
