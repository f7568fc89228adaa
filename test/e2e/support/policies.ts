import assert from "node:assert/strict";
import { createPolicies } from "../../../policies/index"; // the folder resolves to pack.js, which starts a server
import { discoveries } from "../../../components/manifests/discovery";
import { cleanupRules } from "../../../components/manifests/node-cleanup";
import { renderLaunchTemplate } from "../../../components/manifests/launch-template";
import { renderProvisionerValues } from "../../../components/manifests/provisioner-values";
import { renderUserData } from "../../../components/manifests/user-data";
import { versions } from "../../../components/versions";
import type { Resource } from "../../../offline/graph";
import { run, see } from "../../../offline/policies";
import type { KubernetesObject } from "./kubernetes-api";
import { classSpecsOf, specOf } from "./settings";
import type { Values } from "./settings";

/** What a stack's owner may allow by configuration is the stack's to choose; all else holds for every stack. */
const everythingAllowed: Record<string, object> = {
  "node-pool-drift": { allowed: true },
  "node-pool-consolidation": { minimumSeconds: 0 },
  "provisioner-wipe": { shred: true },
};

const policies = createPolicies().policies.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
const unknown = Object.keys(everythingAllowed).filter((name) => policies.every((policy) => policy.name !== name));
assert.deepEqual(unknown, [], "no mandatory policy is called so");

/** Violations of mandatory policies by what settings lead to: Kubernetes objects, provisioner releases, launch template. */
export function violationsOf(values: Values, objects: KubernetesObject[]): string[] {
  const settings = specOf(values);
  const layers = [settings.bottlerocket.settings ?? {}, settings.systemNodes?.bottlerocket ?? {}];
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cleanup" };
  const subjects = [{ kind: "ServiceAccount", name: "cleanup", namespace: "default" }];
  const resources = [
    ...objects.map((object) =>
      resource(`kubernetes:${object.apiVersion}:${object.kind}`, object.metadata.name, object),
    ),
    ...Object.entries(classSpecsOf(values)).flatMap(([name, spec]) =>
      discoveries.map((discovery) =>
        resource("kubernetes:helm.sh/v3:Release", `volumes-${name}-${discovery}`, {
          chart: "local-static-provisioner",
          version: versions.provisionerChart,
          values: renderProvisionerValues(name, spec, discovery),
        }),
      ),
    ),
    resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "cleanup", {
      metadata: { name: "cleanup" },
      rules: cleanupRules,
    }),
    resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "cleanup", { roleRef, subjects }),
    resource(
      "aws:ec2/launchTemplate:LaunchTemplate",
      "system",
      renderLaunchTemplate(renderUserData(layers), settings.systemNodes ?? {}, settings.tags ?? {}),
    ),
  ];
  const seen = see(resources);
  return policies.flatMap((policy) =>
    run(policy, seen, everythingAllowed[policy.name] ?? {}).messages.map((message) => `${policy.name}: ${message}`),
  );
}

function resource(type: string, name: string, inputs: object): Resource {
  const plain = JSON.parse(JSON.stringify(inputs)) as Record<string, unknown>;
  return {
    key: `${type}::${name}`,
    type,
    name,
    custom: true,
    remote: false,
    inputs: plain,
    outputInputs: [],
    outputs: plain,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    replaceOnChanges: [],
    ignoreChanges: [],
    retainOnDelete: false,
  };
}
