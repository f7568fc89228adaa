import { check } from "./check";

const container = "cleanup.spec.template.spec.containers.0";

describe("cleanup-coverage", () => {
  const { refuses, keeps, judges } = check("cleanup-coverage");
  it("refuses a class that no controller covers", () => {
    refuses(
      { [`${container}.args`]: ["--storageclass-names=dense,other"] },
      /must cover "fast-disks", got \["dense","other"\]/,
    );
    refuses({ cleanup: undefined }, 'node-cleanup must cover "fast-disks", got []');
  });
  it("keeps a class that another Deployment or a command covers", () => {
    keeps({ [`${container}.args`]: [], [`${container}.command`]: ["/x", "-storageclass-names=a,fast-disks"] });
  });
  it("does not mind classes of other provisioners", () => {
    keeps({ cleanup: undefined, "storageClass.provisioner": "ebs.csi.aws.com" });
    judges({ storageClass: undefined }, 0);
  });
});

describe("cleanup-replica", () => {
  const { refuses, keeps, judges } = check("cleanup-replica");
  it("refuses a second replica, during updates too", () => {
    refuses({ "cleanup.spec.replicas": 2 }, "spec.replicas must be 1, got 2");
    refuses({ "cleanup.spec.strategy": undefined }, "spec.strategy.type must be Recreate, got nothing");
  });
  it("keeps Kubernetes' default, and does not apply to other Deployments", () => {
    keeps({ "cleanup.spec.replicas": undefined });
    judges({ [`${container}.image`]: "nginx", [`${container}.args`]: [] }, 0);
  });
});

describe("cleanup-image", () => {
  const { refuses, keeps, judges } = check("cleanup-image");
  const image = `${container}.image`;
  it("refuses staging and moving images", () => {
    refuses(
      { [image]: "gcr.io/k8s-staging-sig-storage/local-volume-node-cleanup:canary" },
      "image must be a release, got",
    );
    refuses({ [image]: "gcr.io/k8s-staging-sig-storage/local-volume-node-cleanup:v2.9.0" }, "image must be a release");
    refuses({ [image]: "registry.k8s.io/sig-storage/local-volume-node-cleanup" }, "image must be a release");
    refuses({ [image]: "example.com/own:latest" }, "image must be a release");
  });
  it("keeps a digest, and does not apply to other Deployments", () => {
    keeps({ [image]: `example.com/node-cleanup@sha256:${"0".repeat(64)}` });
    judges({ [image]: "nginx", [`${container}.args`]: [] }, 0);
  });
});

describe("cleanup-delay", () => {
  const { refuses, keeps, judges } = check("cleanup-delay");
  const args = (...flags: string[]) => ({ [`${container}.args`]: ["--storageclass-names=fast-disks", ...flags] });
  const delay = "--pvc-deletion-delay=";
  const interval = "--stale-pv-discovery-interval=";
  it("refuses a delay that is not longer than the interval", () => {
    const rule = "--pvc-deletion-delay must be longer than the interval";
    refuses(args(`${delay}1s`, `${interval}5s`), `${rule} "5s", got "1s"`);
    refuses(args(`${delay}10s`), `${rule} "10s", got "10s"`);
    refuses(args(`${interval}2m`), `${rule} "2m", got "60s"`);
    refuses(args(`${delay}soon`), 'got "soon"');
  });
  it("keeps the defaults and longer delays", () => {
    keeps(args());
    keeps(args(delay.replace("=", ""), "1m", `${interval}500ms`));
    judges({ [`${container}.image`]: "nginx", [`${container}.args`]: [] }, 0);
  });
});

describe("cleanup-permissions", () => {
  const { refuses, keeps, judges } = check("cleanup-permissions");
  const rule = 'its service account must be allowed to list nodes, got "cleanup" without';
  it("refuses a controller that cannot list nodes", () => {
    refuses({ "role.rules.0.resources": ["persistentvolumes"] }, rule);
    refuses({ "role.rules.0.verbs": ["get", "watch"] }, rule);
    refuses({ binding: undefined }, rule);
    refuses({ "binding.subjects.0.name": "other" }, rule);
    refuses({ "cleanup.spec.template.spec.serviceAccountName": undefined }, 'got "default" without');
  });
  it("refuses an account of the same name elsewhere", () => {
    refuses({ "binding.subjects.0.namespace": "kube-system" }, rule);
  });
  it("keeps wildcards, and roles that are not of this stack", () => {
    keeps({ "role.rules": [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] });
    keeps({ "binding.roleRef.name": "cluster-admin" });
  });
  it("does not apply without the controller", () => {
    judges({ cleanup: undefined }, 0);
  });
});
