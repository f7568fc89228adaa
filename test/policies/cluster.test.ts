import { check } from "./check";

describe("cluster-private-endpoint", () => {
  const { refuses } = check("cluster-private-endpoint");
  it("refuses a cluster without one, EKS's default", () => {
    refuses(
      { "cluster.vpcConfig.endpointPrivateAccess": false },
      "vpcConfig.endpointPrivateAccess must be true, got false",
    );
    refuses({ "cluster.vpcConfig.endpointPrivateAccess": undefined }, "got nothing");
  });
});

describe("cluster-public-cidrs", () => {
  const { refuses, keeps } = check("cluster-public-cidrs");
  const cidrs = "cluster.vpcConfig.publicAccessCidrs";
  const access = "cluster.vpcConfig.endpointPublicAccess";
  const rule = "vpcConfig.publicAccessCidrs must name blocks smaller than everything, got";
  it("refuses an API that everybody reaches", () => {
    refuses({ [cidrs]: ["0.0.0.0/0"] }, `${rule} ["0.0.0.0/0"]`);
    refuses({ [cidrs]: ["198.51.100.7/32", "::/0"] }, rule);
    refuses({ [cidrs]: undefined }, `${rule} nothing`);
    refuses({ [cidrs]: undefined, [access]: undefined }, `${rule} nothing`);
    refuses({ [cidrs]: [] }, `${rule} []`);
  });
  it("refuses a public endpoint where configuration does", () => {
    refuses({}, "vpcConfig.endpointPublicAccess must be false, got true", { public: false });
  });
  it("keeps a private one", () => {
    keeps({ [cidrs]: undefined, [access]: false }, { public: false });
  });
});

describe("cluster-audit-logs", () => {
  const { refuses } = check("cluster-audit-logs");
  it("refuses a cluster that keeps no record", () => {
    const types = "cluster.enabledClusterLogTypes";
    refuses({ [types]: undefined }, "enabledClusterLogTypes must include audit and authenticator, got nothing");
    refuses({ [types]: ["api", "authenticator"] }, 'got ["api","authenticator"]');
    refuses({}, "must include scheduler", { types: ["scheduler"] });
  });
});

describe("cluster-access-entries", () => {
  const { refuses } = check("cluster-access-entries");
  it("refuses the config map, alone and beside entries", () => {
    const mode = "cluster.accessConfig.authenticationMode";
    refuses({ [mode]: "CONFIG_MAP" }, 'accessConfig.authenticationMode must be API, got "CONFIG_MAP"');
    refuses({ [mode]: "API_AND_CONFIG_MAP" }, "must be API");
    refuses({ "cluster.accessConfig": undefined }, "got nothing");
  });
});
