import assert from "node:assert/strict";
import { renderKubeconfig } from "../../../components/manifests/kubeconfig";

describe("renderKubeconfig", () => {
  const spec = {
    clusterName: "dev",
    endpoint: "https://api.example",
    certificateAuthority: "Q0E=",
    region: "us-east-1",
  };
  it("asks AWS's command line for a token, and holds no credentials", () => {
    assert.deepEqual(renderKubeconfig(spec), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "dev",
      clusters: [{ name: "dev", cluster: { server: "https://api.example", "certificate-authority-data": "Q0E=" } }],
      contexts: [{ name: "dev", context: { cluster: "dev", user: "dev" } }],
      users: [
        {
          name: "dev",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              interactiveMode: "Never",
              command: "aws",
              args: ["eks", "get-token", "--cluster-name", "dev", "--region", "us-east-1", "--output", "json"],
            },
          },
        },
      ],
    });
  });
  it("names the profile of the AWS configuration", () => {
    const text = JSON.stringify(renderKubeconfig({ ...spec, awsProfile: "work" }));
    assert.match(text, /"env":\[\{"name":"AWS_PROFILE","value":"work"\}\]/);
  });
});
