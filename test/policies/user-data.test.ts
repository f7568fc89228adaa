import { check } from "./check";

const inClass = (text: string) => ({ "nodeClass.spec.userData": text });
const inTemplate = (text: string) => ({ "launchTemplate.userData": Buffer.from(text).toString("base64") });

describe("user-data-valid", () => {
  const { refuses, keeps, judges } = check("user-data-valid");
  it("refuses what is no TOML, wherever it stands", () => {
    refuses(inClass("[settings\n"), /spec\.userData must be TOML, got .* in line \d/);
    refuses(inTemplate("#!/bin/bash\nset -ex"), /: userData must be TOML, got .* in line 2/);
    refuses(inClass("[settings.motd]\na = 1\na = 2"), "must be TOML");
  });
  it("refuses tables that Bottlerocket does not know", () => {
    refuses(inClass('[setting.host-containers.admin]\nenabled = "true"'), 'must have settings alone, got ["setting"]');
  });
  it("refuses what EC2's 16 KiB cannot hold", () => {
    const text = (bytes: number) => `[settings]\nmotd = "${"x".repeat(bytes - 20)}"`;
    keeps(inClass(text(16384)));
    refuses(inClass(text(16385)), "spec.userData must be at most 16384 bytes, got 16385");
    refuses(inClass(text(1025)), "at most 1024 bytes", { maximumBytes: 1024 });
  });
  it("refuses in a launch template what EKS's parser does not read", () => {
    const forms = {
      '[settings.kubernetes.node-labels."a.b"]\nc = "d"': 'got the header [settings.kubernetes.node-labels."a.b"]',
      '[settings]\nmotd = "a \\"b\\""': "got an escaped quote",
      '[settings]\na = [1, "b"]': 'got a list of mixed types, [1,"b"]',
      "[settings.kubernetes.node-labels]\n'a\"b' = 'c'": 'got a quote in the key a"b',
    };
    for (const [text, message] of Object.entries(forms)) {
      refuses(inTemplate(text), `userData must be readable by EKS, ${message}`);
      keeps(inClass(text));
    }
  });
  it("keeps lists over several lines, which look like headers", () => {
    keeps(inTemplate('[settings.bootstrap-commands.a]\ncommands = [\n["apiclient", "a.b"],\n]\n"x.y" = 1'));
  });
  it("does not apply to another OS, and to a launch template that starts an image of its own", () => {
    judges({ "nodeClass.spec.amiFamily": "AL2023" }, 1);
    judges({ "launchTemplate.imageId": "ami-1" }, 1);
    judges({ "nodeClass.spec.userData": undefined, "launchTemplate.userData": undefined }, 0);
  });
});

describe("user-data-boot-container", () => {
  const { refuses, keeps, judges } = check("user-data-boot-container");
  const text = (essential: string, mode: string, source: string, name = "fast-disks") =>
    `[settings.bootstrap-containers.${name}]\n${essential}\nmode = "${mode}"\nsource = "${source}"`;
  const image = `boot@sha256:${"0".repeat(64)}`;
  const rule = "bootstrap-containers.fast-disks";
  it("refuses a container whose failure a node does not mind", () => {
    refuses(inClass(text("essential = false", "always", image)), `${rule}.essential must be true, got false`);
    refuses(inTemplate(text("", "always", image)), `${rule}.essential must be true, got nothing`);
  });
  it("refuses one that runs once", () => {
    refuses(inClass(text("essential = true", "once", image)), `${rule}.mode must be always, got "once"`);
  });
  it("refuses an image by tag", () => {
    refuses(inTemplate(text("essential = true", "always", "boot:latest")), `${rule}.source must be an image by digest`);
  });
  it("does not apply where the disks are found without one, or by one of another name", () => {
    judges({ ...inClass("[settings]"), ...inTemplate("[settings]") }, 0);
    const named = inClass(text("", "off", image, "disks"));
    judges(named, 1);
    keeps(named);
    refuses(inClass(text("essential = true", "off", image, "disks")), "disks.mode", { container: "disks" });
  });
});
