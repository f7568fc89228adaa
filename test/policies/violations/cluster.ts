import { foundBy } from "./mutation";

const vpc = "cluster.vpcConfig";
const native = (change: object) => ({
  native: {
    type: "aws-native:eks:Cluster",
    props: {
      accessConfig: { authenticationMode: "API" },
      logging: { clusterLogging: { enabledTypes: [{ type: "audit" }, { type: "authenticator" }] } },
      resourcesVpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
      ...change,
    },
  },
});

export const cluster = [
  ...foundBy(
    "cluster-access-entries",
    [
      'authenticationMode must be API, got "API_AND_CONFIG_MAP"',
      { "cluster.accessConfig.authenticationMode": "API_AND_CONFIG_MAP" },
    ],
    ["got nothing", { "cluster.accessConfig": undefined }],
    ['got "CONFIG_MAP"', native({ accessConfig: { authenticationMode: "CONFIG_MAP" } })],
  ),
  ...foundBy(
    "cluster-audit-logs",
    [
      'enabledClusterLogTypes must include audit and authenticator, got ["api"]',
      { "cluster.enabledClusterLogTypes": ["api"] },
    ],
    ["got nothing", { "cluster.enabledClusterLogTypes": undefined }],
    [
      "must include audit and authenticator",
      native({ logging: { clusterLogging: { enabledTypes: [{ type: "api" }] } } }),
    ],
  ),
  ...foundBy(
    "cluster-private-endpoint",
    ["vpcConfig.endpointPrivateAccess must be true, got nothing", { [`${vpc}.endpointPrivateAccess`]: undefined }],
    ["got false", { [`${vpc}.endpointPrivateAccess`]: false }],
    [
      "resourcesVpcConfig.endpointPrivateAccess must be true, got false",
      native({ resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: false } }),
    ],
  ),
  ...foundBy(
    "cluster-public-cidrs",
    ['must list ranges of /8 or smaller, got ["0.0.0.0/0"]', { [`${vpc}.publicAccessCidrs`]: ["0.0.0.0/0"] }],
    ['got ["0.0.0.0/1","128.0.0.0/1"]', { [`${vpc}.publicAccessCidrs`]: ["0.0.0.0/1", "128.0.0.0/1"] }],
    ['got ["64.0.0.0/2"]', { [`${vpc}.publicAccessCidrs`]: ["198.51.100.7/32", "64.0.0.0/2"] }],
    ['got ["::/0"]', { [`${vpc}.publicAccessCidrs`]: ["::/0"] }],
    ["got nothing", { [`${vpc}.publicAccessCidrs`]: undefined }],
    ["got []", { [`${vpc}.publicAccessCidrs`]: [] }],
    ["got null", { [`${vpc}.publicAccessCidrs`]: null }],
    [
      "resourcesVpcConfig.publicAccessCidrs must list ranges",
      native({ resourcesVpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true } }),
    ],
  ),
];
