import { be, beReleased, expectAt, orUnset } from "./expect";
import { binds, flagOf, listsNodes } from "./node-cleanup";
import type { NodeCleanup } from "./node-cleanup";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { nameOf } from "./resource";
import { at, isWhole, oneOf, pending, secondsOf, show, textOf } from "./value";

const onControllers = rulesOn(({ cleanups }) => cleanups);
const onEachController = rulesOn(({ cleanups }) => cleanups, "resource");

/** Policies on the node-cleanup controller. */
export const cleanup: Rules = {
  "cleanup-coverage": rulesOn(({ storageClasses }) => storageClasses)({
    severity: "critical",
    description:
      "A node-cleanup controller covers each StorageClass of fast disks: otherwise claims stay bound to disks of lost nodes, and their pods stay Pending.",
    remedy: "add the class to --storageclass-names of a node-cleanup Deployment",
    problems: (storageClass, { covered }) => {
      const name = nameOf(storageClass);
      if (!covered || name === pending || covered.has(textOf(name))) return [];
      return [`a node-cleanup controller must cover ${show(name)}, got ${show([...covered])}`];
    },
  }),
  "cleanup-single": onControllers({
    severity: "high",
    description:
      "Only one node-cleanup controller covers a StorageClass: each deletes claims on its own schedule, so a second one deletes claims that were just recreated.",
    remedy: "name the class in --storageclass-names of one Deployment only",
    problems: (controller, { cleanups }) => {
      const sharedWith = (other: NodeCleanup) => controller.covered.filter((name) => other.covered.includes(name));
      const other = cleanups.find((one) => one === controller || sharedWith(one).length > 0);
      if (!other || other === controller) return [];
      return [`must not cover the classes of ${other.name}, got ${sharedWith(other).join(", ")} in both`];
    },
  }),
  "cleanup-delay": onEachController({
    severity: "high",
    description:
      "The node-cleanup controller's deletion delay is longer than its discovery interval: with a delay of 1s and an interval of 5s it has deleted new claims.",
    remedy: "set --pvc-deletion-delay above --stale-pv-discovery-interval, such as 60s and 10s",
    problems: ({ container }) => {
      const delay = flagOf(container, "pvc-deletion-delay") ?? "60s";
      const interval = flagOf(container, "stale-pv-discovery-interval") ?? "10s";
      if (delay === pending || interval === pending) return [];
      if ((secondsOf(delay) ?? 0) > (secondsOf(interval) ?? 0)) return [];
      return [`--pvc-deletion-delay must be longer than the interval ${show(interval)}, got ${show(delay)}`];
    },
  }),
  "cleanup-image": onEachController({
    severity: "high",
    description:
      "The node-cleanup controller's image is a release and not from a staging registry: it deletes claims and volumes, and a canary build is untested.",
    remedy: "use registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
    problems: ({ container }) => expectAt(container, "image", beReleased),
  }),
  "cleanup-replica": onEachController({
    severity: "high",
    description:
      "The node-cleanup controller has one replica, also during an update: it has no leader election, and two replicas delete claims that were just recreated.",
    remedy: "set spec.replicas to 1 and spec.strategy.type to Recreate",
    problems: ({ props }) => {
      const surge = at(props, "spec.strategy.rollingUpdate.maxSurge");
      const isSingle = oneOf(0, "0", "0%", pending)(surge);
      return [
        ...expectAt(props, "spec.replicas", orUnset(be(1))),
        ...(isSingle ? [] : expectAt(props, "spec.strategy.type", be("Recreate"))),
      ];
    },
  }),
  "cleanup-permissions": onControllers({
    severity: "critical",
    description:
      "The node-cleanup controller can list and watch nodes: otherwise it regards unclaimed volumes as volumes of a lost node, and deletes them.",
    remedy:
      'bind its service account to a ClusterRole with list and watch of nodes in apiGroup "", without resourceNames',
    problems: ({ props }, chain) => {
      const pod = at(props, "spec.template.spec");
      const account = at(pod, "serviceAccountName") ?? at(pod, "serviceAccount") ?? "default";
      const namespace = at(props, "metadata.namespace") ?? "default";
      const names = chain
        .all("clusterRoleBinding")
        .filter((one) => binds(one, account, namespace))
        .filter((one) => oneOf("ClusterRole", pending)(at(one.props, "roleRef.kind")))
        .map((one) => at(one.props, "roleRef.name"));
      const roles = chain.all("clusterRole").filter((one) => names.includes(nameOf(one)));
      // Roles from outside the stack cannot be checked.
      const elsewhere = roles.length < new Set(names).size;
      if (elsewhere || !isWhole([account, namespace, names]) || roles.some(listsNodes)) return [];
      return [
        `its service account must be allowed to list and watch nodes, got ${show(account)} without this permission`,
      ];
    },
  }),
};
