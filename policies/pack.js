const { PolicyPack } = require("@pulumi/policy"); // before tsx, which would look into each file of the SDK
require("tsx/cjs");
require("./serve").serve(PolicyPack);
