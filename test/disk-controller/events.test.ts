import assert from "node:assert/strict";
import { Events } from "../../disk-controller/events";
import { nodeRecord } from "../../disk-controller/records";

describe("Events", () => {
  const node = nodeRecord({ metadata: { name: "one", uid: "uid", resourceVersion: "1" }, spec: {} });

  it("says something of a node once, each reason by itself", async () => {
    const { events, sent } = eventsOf([]);
    await events.warn(node, "DisksTaken", "first");
    await events.warn(node, "DisksTaken", "first");
    await events.warn(node, "NoVolumes", "second");
    assert.deepEqual(sent, ["DisksTaken", "NoVolumes"]);
  });

  it("says again what the server has not taken", async () => {
    const { events, sent } = eventsOf([new Error("forbidden")]);
    await assert.rejects(events.warn(node, "DisksTaken", "first"), /forbidden/);
    await events.warn(node, "DisksTaken", "first");
    assert.deepEqual(sent, ["DisksTaken", "DisksTaken"]);
  });
});

/** Events whose server refuses the first ones with these errors. */
function eventsOf(errors: Error[]): { events: Events; sent: string[] } {
  const sent: string[] = [];
  const send = <T>(_method: string, _path: string, body?: object): Promise<T> => {
    const { reason } = body as { reason: string };
    sent.push(reason);
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve({} as T);
  };
  return { events: new Events({ send }, "reporter"), sent };
}
