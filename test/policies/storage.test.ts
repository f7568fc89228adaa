import { check } from "./check";

describe("storage-class-binding", () => {
  const { refuses, keeps, judges } = check("storage-class-binding");
  const topologies = [{ matchLabelExpressions: [{ key: "eks-fast-disks/class", values: ["x"] }] }];
  it("refuses to bind at once, and Kubernetes' default, which does", () => {
    refuses(
      { "storageClass.volumeBindingMode": "Immediate" },
      'volumeBindingMode must be WaitForFirstConsumer, got "Imm',
    );
    refuses({ "storageClass.volumeBindingMode": undefined }, "got nothing");
  });
  it("refuses another provisioner under the name or on the nodes of fast disks", () => {
    const ebs = { "storageClass.provisioner": "ebs.csi.aws.com" };
    refuses(ebs, 'provisioner must be kubernetes.io/no-provisioner, got "ebs.csi.aws.com"');
    const elsewhere = { ...ebs, "storageClass.metadata.name": "x" };
    refuses({ ...elsewhere, "storageClass.allowedTopologies": topologies }, "provisioner must be");
    refuses(elsewhere, "provisioner must be", { classes: ["x"] });
  });
  it("does not apply to other classes", () => {
    const other = { "storageClass.provisioner": "ebs.csi.aws.com", "storageClass.metadata.name": "gp3" };
    keeps(other);
    judges(other, 0);
  });
});

describe("storage-class-reclaim-policy", () => {
  const { refuses, keeps } = check("storage-class-reclaim-policy");
  const byChart = "provisioner.values.classes.0.storageClass";
  it("refuses to leave it to Kubernetes' default, in a class and in one that the chart makes", () => {
    refuses({ "storageClass.reclaimPolicy": undefined }, "reclaimPolicy must be Delete or Retain, got nothing");
    refuses({ [byChart]: true }, "class fast-disks: storageClass.reclaimPolicy must be Delete or Retain, got nothing");
  });
  it("refuses what configuration does not allow", () => {
    refuses({}, 'reclaimPolicy must be Retain, got "Delete"', { allowed: ["Retain"] });
    keeps({ [byChart]: { reclaimPolicy: "Delete" } });
  });
  it("keeps other classes", () => {
    keeps({ storageClass: { type: "kubernetes:storage.k8s.io/v1:StorageClass", props: { provisioner: "x" } } });
  });
});

describe("provisioner-pinned", () => {
  const { refuses, keeps } = check("provisioner-pinned");
  const rule = "must be a release";
  it("refuses the newest chart, and a range of charts", () => {
    refuses({ "provisioner.version": undefined }, "version must be an exact release, got nothing");
    refuses({ "provisioner.version": "^2.9.0" }, 'got "^2.9.0"');
    refuses({ "provisioner.chart": "./helm/provisioner", "provisioner.version": undefined }, "got nothing");
  });
  it("refuses images that move", () => {
    refuses({ "provisioner.values.image": "registry.k8s.io/sig-storage/local-volume-provisioner:latest" }, rule);
    refuses({ "provisioner.values.image": "gcr.io/k8s-staging-sig-storage/local-volume-provisioner:v2.9.0" }, rule);
    refuses({ "handmade.spec.template.spec.containers.0.image": "x/local-volume-provisioner:canary" }, rule);
  });
  it("keeps an image by digest", () => {
    keeps({ "provisioner.values.image": `registry.k8s.io/x@sha256:${"0".repeat(64)}` });
  });
});

describe("provisioner-classes", () => {
  const { refuses, keeps, judges } = check("provisioner-classes");
  it("refuses a class whose volumes nobody can claim", () => {
    refuses({ storageClass: undefined }, 'values.classes must have StorageClasses, got none for "fast-disks"');
    refuses({ "provisioner.values.classes.0.name": "dense" }, 'got none for "dense"');
  });
  it("keeps a class that the chart makes", () => {
    keeps({ storageClass: undefined, "provisioner.values.classes.0.storageClass": true });
  });
  it("does not apply without a chart", () => {
    judges({ provisioner: undefined, karpenter: undefined }, 0);
  });
});

describe("provisioner-wipe", () => {
  const { refuses, keeps } = check("provisioner-wipe");
  const command = "provisioner.values.classes.0.blockCleanerCommand";
  it("refuses to shred", () => {
    refuses(
      { [command]: ["/scripts/shred.sh", "2"] },
      'blockCleanerCommand of class "fast-disks" must not be shred.sh',
    );
  });
  it("refuses the chart's own class, which shreds", () => {
    refuses({ "provisioner.values.classes": undefined }, "values.classes must be stated, got nothing");
    refuses({ "provisioner.values": undefined }, "values.classes must be stated, got nothing");
  });
  it("keeps what is configured, and the code's own default", () => {
    keeps({ [command]: ["/scripts/shred.sh"] }, { shred: true });
    keeps({ [command]: undefined });
  });
});

describe("provisioner-startup-taint", () => {
  const { refuses, keeps } = check("provisioner-startup-taint");
  it("refuses to remove a taint that then stays", () => {
    const taint = "provisioner.values.removeNodeNotReadyTaint";
    refuses({ [taint]: true }, "values.removeNodeNotReadyTaint must be false, got true");
    keeps({ [taint]: undefined });
  });
});

describe("provisioner-nodes", () => {
  const { refuses, keeps } = check("provisioner-nodes");
  const selector = "provisioner.values.nodeSelector";
  const rule = "nodeSelector must name eks-fast-disks/class or";
  it("refuses to run on all nodes, by whichever means it was installed", () => {
    refuses({ [selector]: undefined }, `values.${rule}`);
    refuses({ [selector]: { "kubernetes.io/os": "linux" } }, 'got {"kubernetes.io/os":"linux"}');
    const everywhere = { "handmade.spec.template.spec.nodeSelector": undefined };
    refuses({ ...everywhere, "handmade.spec.template.spec.affinity": undefined }, `spec.template.spec.${rule}`);
  });
  it("keeps affinity that is required, and labels that are configured", () => {
    keeps({ "handmade.spec.template.spec.nodeSelector": undefined });
    keeps({ [selector]: { disks: "fast" }, handmade: undefined }, { labels: ["disks"] });
  });
});

describe("provisioner-folder", () => {
  const { refuses, keeps } = check("provisioner-folder");
  const bare = { "nodeClass.spec.userData": "[settings]" };
  it("refuses nodes that leave the watched folder empty", () => {
    refuses(bare, "its nodes must have the bootstrap container fast-disks");
  });
  it("keeps a folder that the OS fills, a provisioner elsewhere and a pool without the label", () => {
    keeps({ ...bare, "provisioner.values.classes.0.hostDir": "/dev/disk/ephemeral" });
    keeps({ ...bare, "provisioner.values.nodeSelector": { "eks-fast-disks/class": "dense" } });
    keeps({ ...bare, "nodePool.spec.template.metadata.labels": {} });
  });
});

describe("storage-engines", () => {
  const { refuses, keeps, judges } = check("storage-engines");
  const driver = "aws-ec2-local-instance-store-csi-driver";
  const only = { handmade: undefined };
  const addOn = { ...only, "addOn.addonName": driver };
  const selector = (value: string) => JSON.stringify({ node: { nodeSelector: { "eks-fast-disks/class": value } } });
  it("refuses AWS's driver beside the static provisioner, as add-on and as chart", () => {
    refuses(addOn, "addOn: must not run on the nodes of the static provisioner provisioner");
    refuses({ ...only, "karpenter.chart": `oci://example.com/${driver}` }, "must not run on the nodes");
    refuses({ ...addOn, "addOn.configurationValues": selector("fast-disks") }, "must not run on the nodes");
  });
  it("refuses it beside a provisioner that somebody rendered by hand", () => {
    const edits = { provisioner: undefined, "addOn.addonName": driver };
    refuses(edits, "must not run on the nodes of the static provisioner handmade");
  });
  it("keeps two that exclude each other's nodes, and the driver alone", () => {
    keeps({ ...addOn, "addOn.configurationValues": selector("dense") });
    keeps({ ...addOn, provisioner: undefined });
    judges({ addOn: undefined, provisioner: undefined, karpenter: undefined }, 0);
  });
});
