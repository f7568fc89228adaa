import assert from "node:assert/strict";
import { readOptions } from "../../disk-controller/options";

const least = ["--storage-classes=fast-disks", "--lease-namespace=kube-system"];

describe("readOptions", () => {
  it("has defaults for all but the classes and the Lease's namespace", () => {
    assert.deepEqual(readOptions(least), {
      capacity: "exclusive",
      storageClasses: new Set(["fast-disks"]),
      leaseNamespace: "kube-system",
      metricsPort: 8080,
      podDeletion: 15,
    });
  });

  it("takes every flag", () => {
    const flags = ["--capacity=counted", "--storage-classes=a,b.c", "--metrics-port=9090", "--pod-deletion=off"];
    assert.deepEqual(readOptions([...flags, "--lease-namespace=disks"]), {
      capacity: "counted",
      storageClasses: new Set(["a", "b.c"]),
      leaseNamespace: "disks",
      metricsPort: 9090,
      podDeletion: undefined,
    });
  });

  const mistakes: Record<string, string> = {
    "--capacity=count": '--capacity: must be counted or exclusive, got "count"',
    "--storage-classes=a,,b": '--storage-classes: must be names of StorageClasses, separated by commas, got "a,,b"',
    "--storage-classes=": '--storage-classes: must be names of StorageClasses, separated by commas, got ""',
    "--lease-namespace=A": '--lease-namespace: must be a namespace, got "A"',
    "--metrics-port=0": '--metrics-port: must be a port from 1 to 65535, got "0"',
    "--metrics-port=65536": '--metrics-port: must be a port from 1 to 65535, got "65536"',
    "--pod-deletion=15": '--pod-deletion: must be seconds such as "15s", or "off", got "15"',
    "--capacty=counted":
      "--capacty: must be one of capacity, storage-classes, lease-namespace, metrics-port, pod-deletion",
    counted: "counted: must be --flag=value",
  };
  for (const [flag, message] of Object.entries(mistakes))
    it(`refuses ${flag}`, () => {
      assert.throws(() => readOptions([...least, flag]), { message });
    });

  it("says everything that is wrong at once", () => {
    assert.throws(
      () => readOptions(["--capacity=x"]),
      (error: Error) => error.message.split("\n").length === 3,
    );
  });
});
