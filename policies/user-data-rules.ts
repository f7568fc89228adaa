import { chainRule } from "./policy";
import type { Rule } from "./policy";
import { isOf } from "./resource";
import { setting } from "./settings";
import { bootContainerOf, isBottlerocket, refusedByEks, userDataOf } from "./user-data";
import { expectAt, matching, oneOf, pending, secrets, show, tableOf } from "./value";

/** Policies on the user data of Bottlerocket. */
export const userData: Rule[] = [
  chainRule({
    name: "user-data-valid",
    severity: "critical",
    description:
      "User data is TOML that Bottlerocket reads, fits into EC2's limit and, in a launch template, has a form that EKS reads: a node that cannot read it never joins its cluster.",
    remedy: "render the user data with a TOML library and shorten it",
    settings: { maximumBytes: setting.count(16384, "most bytes of user data before base64") },
    subjects: ({ nodes, launchTemplates }) =>
      nodes.filter((one) => userDataOf(one) && (isBottlerocket(one) || launchTemplates.includes(one))),
    problems: (resource, _, { maximumBytes }) => {
      const userData = userDataOf(resource);
      if (!userData) return [];
      const { path, text, settings, problem } = userData;
      if (problem !== undefined) return [`${path} must be TOML, got ${problem}`];
      const bytes = Buffer.byteLength(text);
      const others = Object.keys(settings).filter((key) => key !== "settings");
      const refused = isOf("launchTemplate", resource) ? refusedByEks(text, settings) : [];
      return [
        ...(bytes > maximumBytes ? [`${path} must be at most ${maximumBytes} bytes, got ${bytes}`] : []),
        ...(others.length > 0
          ? [`${path} must have settings alone, got ${secrets.has(text) ? "other tables" : show(others)}`]
          : []),
        ...refused.map((what) => `${path} must be readable by EKS, got ${what}`),
      ];
    },
  }),
  chainRule({
    name: "user-data-boot-container",
    severity: "high",
    description:
      "The bootstrap container that links fast disks is essential, runs at every boot and is named by digest: otherwise a node joins without its disks, or a moved tag runs as root on all of them.",
    remedy: 'set source by digest, mode "always" and essential true',
    subjects: ({ nodes, settings }) =>
      nodes.filter((one) => ![undefined, pending].includes(bootContainerOf(one, settings.container) as undefined)),
    problems: (resource, { settings: { container } }) => {
      const settings = tableOf(bootContainerOf(resource, container));
      if (secrets.has(userDataOf(resource)?.text)) for (const value of Object.values(settings)) secrets.add(value);
      return [
        ...expectAt(settings, "essential", "be true", oneOf(true)),
        ...expectAt(settings, "mode", "be always", oneOf("always")),
        ...expectAt(settings, "source", "be an image by digest", matching(/@sha256:[0-9a-f]{64}$/)),
      ].map((problem) => `bootstrap-containers.${container}.${problem}`);
    },
  }),
];
