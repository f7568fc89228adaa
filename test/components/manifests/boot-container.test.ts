import assert from "node:assert/strict";
import { OnMissing, renderBootContainer } from "../../../components/manifests/boot-container";

interface Container {
  source: string;
  mode: string;
  essential: boolean;
  userData: string;
}

describe("renderBootContainer", () => {
  it("is essential, runs at every boot, and carries the container's settings", () => {
    const spec = { image: "image", fewestDisks: 2, mostDisks: 4, onMissing: OnMissing.continue };
    const { bootstrapContainers } = renderBootContainer(spec) as { bootstrapContainers: Record<string, Container> };
    const { source, mode, essential, userData } = bootstrapContainers["fast-disks"]!;
    assert.deepEqual([source, mode, essential], ["image", "always", true]);
    assert.match(Buffer.from(userData, "base64").toString(), /^minimumDisks=2\nonMissing=continue\n/);
  });
});
