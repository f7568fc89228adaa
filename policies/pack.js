const { PolicyPack } = require("@pulumi/policy"); // before tsx, which would look into each file of the SDK
require("tsx/cjs");
new PolicyPack("eks-fast-disks", { policies: require("./index").policies, enforcementLevel: "mandatory" });
