import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Network } from "../../components";
import type { ExistingVpcArgs } from "../../components";
import { answering, childTypes, outputOf, record, refuses } from "../support/record";

describe("Network of an existing VPC", () => {
  const vpcId = "vpc-0123456789abcdef0";
  const program = (existingVpc: Partial<ExistingVpcArgs>) => () =>
    new Network("n", { clusterName: "prod", existingVpc: { vpcId, ...existingVpc } });

  it("takes subnets by id as they are, and makes nothing", async () => {
    const subnetIds = ["subnet-01234567", pulumi.output("subnet-89abcdef")];
    assert.deepEqual(childTypes(await record(program({ subnetIds }))), []);
    assert.deepEqual(await outputOf(() => program({ subnetIds })().subnetIds), ["subnet-01234567", "subnet-89abcdef"]);
  });

  it("finds subnets by several terms inside that VPC alone, each subnet once", async () => {
    const asked: Record<string, unknown> = {};
    const mocks = answering("getSubnets", ({ filters }) => {
      const byId = JSON.stringify(filters).includes("subnet-id");
      asked[byId ? "id" : "tags"] = filters;
      return { ids: byId ? ["subnet-0000000a"] : ["subnet-0000000b", "subnet-0000000a", "subnet-0000000c"] };
    });
    const subnets = [{ tags: { Name: "us-east-1a", tier: "private" } }, { id: "subnet-0000000a" }];
    const ids = await outputOf(() => program({ subnets })().subnetIds, mocks);
    assert.deepEqual(ids, ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"]);
    const vpc = { name: "vpc-id", values: [vpcId] };
    assert.deepEqual(asked, {
      tags: [vpc, { name: "tag:Name", values: ["us-east-1a"] }, { name: "tag:tier", values: ["private"] }],
      id: [vpc, { name: "subnet-id", values: ["subnet-0000000a"] }],
    });
  });

  it("refuses a term that finds no subnet", async () => {
    await assert.rejects(
      outputOf(
        () => program({ subnets: [{ tags: { Name: "x" } }] })().subnetIds,
        answering("getSubnets", () => ({ ids: [] })),
      ),
      /n:\n {2}existingVpc\.subnets\.0: no subnet of vpc-0123456789abcdef0 matches \{"tags":\{"Name":"x"\}\}; tag one or drop the term$/,
    );
  });

  it("refuses a wrong id, by the user's path", async () => {
    await refuses(
      program({ subnetIds: ["subnet-01234567", "sg-01234567"] }),
      /^n:\n {2}existingVpc\.subnetIds\.1: must be an id such as subnet-/,
    );
  });
});
