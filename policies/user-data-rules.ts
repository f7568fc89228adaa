import { be, expectAt, match } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { isOf } from "./resource";
import { setting } from "./settings";
import { bootContainersOf, isBottlerocket, refusedByEks, userDataOf } from "./user-data";
import { show, tableOf } from "./value";

const onNodes = rulesOn(({ nodes }) => nodes.filter(userDataOf));

/** Policies on the user data of Bottlerocket. */
export const userData: Rules = {
  "user-data-valid": onNodes({
    severity: "critical",
    description:
      "User data is valid TOML for Bottlerocket, within EC2's size limit and, in a launch template, in a form that EKS can parse: a node that cannot read it never joins its cluster.",
    remedy: "render the user data with a TOML library and shorten it",
    settings: { maximumBytes: setting.count(16384, "maximum bytes of user data before base64") },
    problems: (node, _, { maximumBytes }) => {
      const userData = userDataOf(node);
      const template = isOf("launchTemplate", node);
      if (!userData || !(template || isBottlerocket(node))) return [];
      const { path, text, tables, problem, shown } = userData;
      if (problem !== undefined) return [`${path} must be TOML, got ${problem}`];
      const bytes = Buffer.byteLength(text);
      const others = Object.keys(tables).filter((key) => key !== "settings");
      const problems = template ? refusedByEks(userData).map((what) => `be readable by EKS, got ${shown(what)}`) : [];
      if (others.length > 0) problems.push(`have only settings, got ${shown(show(others))}`);
      if (bytes > maximumBytes) problems.push(`be at most ${maximumBytes} bytes, got ${bytes}`);
      return problems.map((one) => `${path} must ${one}`);
    },
  }),
  "user-data-boot-container": onNodes({
    severity: "high",
    description:
      "The bootstrap container that links fast disks is essential, runs at every boot and is named by digest: otherwise a node joins without its disks, or a moved tag runs as root on all nodes.",
    remedy: 'set source by digest, mode "always" and essential true',
    problems: (node, { settings: { container } }) => {
      const stated = bootContainersOf(node)[container];
      if (stated === undefined) return [];
      const problems = [
        ...expectAt(tableOf(stated), "essential", be(true)),
        ...expectAt(tableOf(stated), "mode", be("always")),
        ...expectAt(tableOf(stated), "source", match(/@sha256:[0-9a-f]{64}$/, "be an image by digest")),
      ];
      const shown = (_: string, got: string) => `, got ${userDataOf(node)?.shown(got) ?? ""}`;
      return problems.map((one) => `bootstrap-containers.${container}.${one.replace(/, got (.*)$/s, shown)}`);
    },
  }),
};
