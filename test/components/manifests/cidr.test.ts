import assert from "node:assert/strict";
import {
  cidrError,
  isDocumentation,
  isPrivate,
  isUnroutable,
  isWithin,
  networkOf,
  sliceOf,
  textOf,
} from "../../../components/manifests/cidr";

describe("cidrError", () => {
  it("takes network ranges that start at their network address", () => {
    for (const good of ["10.0.0.0/8", "198.51.100.7/32", "0.0.0.0/0", "255.255.255.252/30"])
      assert.equal(cidrError(good, "10.0.0.0/16"), undefined, good);
  });
  it("refuses what is no range", () => {
    for (const bad of ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0", "10.0.0.0/8/8", "a/8", "10.0.0.0/08", ""])
      assert.match(cidrError(bad, "10.0.0.0/16") ?? "", /^must be an IPv4 network range/, bad);
  });
  it("names the network address", () => {
    assert.equal(
      cidrError("203.0.113.7/24", "10.0.0.0/16"),
      'must start at its network address, got "203.0.113.7/24"; write 203.0.113.0/24',
    );
  });
});

describe("ranges", () => {
  it("are cut into slices that lie within and follow each other", () => {
    const vpc = networkOf("172.16.240.0/20");
    const slices = Array.from({ length: 8 }, (_, index) => sliceOf(vpc, 23, index));
    assert.deepEqual(slices.map(textOf).slice(0, 3), ["172.16.240.0/23", "172.16.242.0/23", "172.16.244.0/23"]);
    assert.ok(slices.every((slice) => isWithin(slice, vpc)));
    assert.ok(!isWithin(sliceOf(vpc, 23, 8), vpc));
    assert.ok(!isWithin(vpc, slices[0]!));
  });
  it("are private, unroutable or documentation's as their RFCs say", () => {
    assert.deepEqual(["10.9.0.0/16", "172.31.0.0/16", "100.64.0.0/10"].map(isPrivate), [true, true, true]);
    assert.deepEqual(["172.32.0.0/16", "8.8.8.0/24", "10.0.0.0/7"].map(isPrivate), [false, false, false]);
    assert.deepEqual(["127.0.0.1/32", "224.0.0.0/4", "10.0.0.0/8"].map(isUnroutable), [true, true, true]);
    assert.deepEqual(["192.0.2.9/32", "203.0.113.0/24", "8.8.8.8/32"].map(isDocumentation), [true, true, false]);
  });
});
