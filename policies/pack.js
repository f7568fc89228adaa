const { PolicyPack } = require("@pulumi/policy"); // before tsx, which would look into each file of the SDK
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const isClone = existsSync(join(__dirname, "serve.ts"));
if (isClone) require("tsx/cjs");
require(isClone ? "./serve" : "../dist/policies/serve").serve(PolicyPack);
