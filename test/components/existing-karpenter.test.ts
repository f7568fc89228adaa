import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { findNodeRole } from "../../components/existing-karpenter";
import { answering, outputOf } from "../support/record";

const find = (mode: string) => () =>
  findNodeRole(
    new pulumi.ComponentResource("test:index:Test", "chain"),
    { nodeRole: "nodes" },
    { clusterName: pulumi.output("dev"), authenticationMode: pulumi.output(mode) },
  );
/** As the engine hands an error of AWS over. */
const refusal = (details: string) => Object.assign(new Error(details), { details });
const without = answering("getAccessEntry", () => {
  throw refusal("reading EKS Access Entry (dev:arn): couldn't find resource");
});

describe("findNodeRole", () => {
  it("gives the name of a role that has its access entry", async () => {
    assert.equal(await outputOf(find("API")), "nodes");
  });

  it("leaves a role without an entry to aws-auth, where the cluster reads that", async () => {
    assert.equal(await outputOf(find("CONFIG_MAP"), without), "nodes");
  });

  it("refuses a role whose nodes could not join", async () => {
    await assert.rejects(
      outputOf(find("API"), without),
      /chain:\n {2}existingKarpenter\.nodeRole: must have an access/,
    );
  });

  it("hands on what else goes wrong", async () => {
    const denied = answering("getAccessEntry", () => {
      throw refusal("AccessDeniedException: not authorized to perform eks:DescribeAccessEntry");
    });
    await assert.rejects(outputOf(find("API"), denied), /AccessDenied/);
  });
});
