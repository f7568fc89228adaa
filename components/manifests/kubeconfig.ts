/** What kubectl needs to reach a cluster. */
export interface KubeconfigSpec {
  clusterName: string;
  /** URL of the API. */
  endpoint: string;
  /** Certificate of the cluster's authority, in base64. */
  certificateAuthority: string;
  region: string;
  /** Profile of the AWS configuration. */
  awsProfile?: string;
}

/** Kubeconfig without credentials: kubectl runs `aws eks get-token` (https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html). */
export function renderKubeconfig(spec: KubeconfigSpec): object {
  const { clusterName: name, endpoint, certificateAuthority, region, awsProfile } = spec;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    interactiveMode: "Never",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
    ...(awsProfile !== undefined && { env: [{ name: "AWS_PROFILE", value: awsProfile }] }),
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
}
