import { gzipSync } from "node:zlib";
import { base64, userData as text } from "../chain";
import { foundBy } from "./mutation";

const own = "nodeClass.spec.userData";
const template = "launchTemplate.userData";
const container = (change: [string, string]) => ({ [own]: text.replace(...change) });

export const userData = [
  ...foundBy(
    "user-data-valid",
    ["spec.userData must be TOML, got", { [own]: `${text}[settings` }],
    ["spec.userData must be TOML, got", { [own]: `${text}\n[settings.kubernetes]\nmax-pods = \n` }],
    [
      "userData must be TOML, got text that is not base64",
      { [template]: "[settings.host-containers.admin]\nenabled = false\n" },
    ],
    ["userData must be TOML, got gzip", { [template]: gzipSync("[settings]\n").toString("base64") }],
    ["userData must be TOML, got a shell script", { [template]: base64("#!/bin/bash\nset -ex\n") }],
    [
      "userData must be TOML, got MIME of several parts",
      { [template]: base64('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n') },
    ],
    ["userData must be TOML, got cloud-config", { [template]: base64("#cloud-config\nruncmd: []\n") }],
    ["spec.userData must be TOML, got base64 instead of plain text", { [own]: base64(text) }],
    ['must have only settings, got ["setings"]', { [own]: `${text}[setings.motd]\nx = "y"\n` }],
    ["must be at most 16384 bytes, got", { [own]: `${text}# ${"x".repeat(16400)}\n` }],
    [
      'must be readable by EKS, got the header [settings.kubernetes.node-labels."a.b/c"]',
      { [template]: base64('[settings.kubernetes.node-labels."a.b/c"]\nx = "y"\n') },
    ],
    ["must be readable by EKS, got an escaped quote", { [template]: base64('[settings]\nmotd = "say \\"hi\\""\n') }],
    [
      "must be readable by EKS, got a list of mixed types",
      { [template]: base64('[settings.host-containers.admin]\ncommand = ["a", ["b"]]\n') },
    ],
  ),
  ...foundBy(
    "user-data-boot-container",
    [
      "bootstrap-containers.fast-disks.essential must be true, got false",
      container(["essential = true", "essential = false"]),
    ],
    ["bootstrap-containers.fast-disks.essential must be true, got nothing", container(["essential = true\n", ""])],
    ['bootstrap-containers.fast-disks.mode must be always, got "once"', container(['"always"', '"once"'])],
    ['mode must be always, got "off"', container(['"always"', '"off"'])],
    ["mode must be always, got nothing", container(['mode = "always"\n', ""])],
    ["source must be an image by digest", container([`@sha256:${"a".repeat(64)}`, ":latest"])],
    ["source must be an image by digest", container([`@sha256:${"a".repeat(64)}`, "@sha256:abc"])],
  ),
];
