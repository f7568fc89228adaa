import { belongs, stackPolicy } from "./policy";
import { at, listOf, oneOf, parseJson, pending, textsOf } from "./value";
import type { Value } from "./value";

export const queueTls = stackPolicy({
  name: "queue-tls",
  severity: "medium",
  description:
    "A queue refuses plain HTTP: whoever is on the path could otherwise forge the message that drains a node.",
  remedy: "deny sqs:* to everybody where aws:SecureTransport is false, in the queue's policy",
  kinds: ["queue"],
  faults: (resources) =>
    resources("queue").flatMap((resource) => {
      const own = resources("queuePolicy").filter((one) => {
        return belongs(one, "queueUrl", resource, resources("queue"), ["url", "id"]);
      });
      const documents = [resource, ...own].map(({ props }) => parseJson(at(props, "policy")));
      if (documents.some((one) => one === pending || deniesHttp(one))) return [];
      const got = own.length > 0 ? "no such statement" : "no policy";
      return [{ resource, fault: `its policy must deny plain HTTP, got ${got}` }];
    }),
});

function deniesHttp(document: Value): boolean {
  const statements = at(document, "Statement");
  return listOf(Array.isArray(statements) ? statements : [statements]).some((statement) => {
    const everybody = [...textsOf(at(statement, "Principal")), ...textsOf(at(statement, "Principal.AWS"))].includes(
      "*",
    );
    const all = textsOf(at(statement, "Action")).some((action) => /^(sqs:)?\*$/i.test(action));
    const insecure = oneOf("false", false)(at(statement, "Condition.Bool.aws:SecureTransport"));
    return at(statement, "Effect") === "Deny" && everybody && all && insecure;
  });
}
