import assert from "node:assert/strict";
import type { Policy } from "../../offline/policies";
import { run } from "../../offline/policies";
import { policies } from "../../policies/index";
import { marks } from "../../policies/value";
import { compliantStack, edit, seenOf } from "./stack";
import type { Stack } from "./stack";

/** Edits of the compliant stack: `resource.path` to a value, or a resource to another one, or to none. */
export type Edits = Record<string, unknown>;

/** Policies whose tests ran: the list is compared with the pack's. */
export const checked = new Set<string>();

/** The pack's policy of that name, and what to ask of it. */
export function check(name: string) {
  const policy = policies.find((one) => one.name === name) as Policy;
  assert(policy, `no policy ${name}`);
  checked.add(name);
  it("keeps the compliant stack, and gives no verdict on a stack without its kinds", () => {
    assert.deepEqual(messagesOf(policy, {}), []);
    assert(run(policy, seenOf(compliantStack()), {}).judged > 0, "judges nothing of the compliant stack");
    assert.equal(run(policy, seenOf({ other: { type: "aws:s3/bucket:Bucket", props: {} } }), {}).judged, 0);
  });
  it("finds no fault in what is unknown, and does not stumble over it", () => {
    for (const [resource, path] of pathsOf(compliantStack()))
      assert.deepEqual(messagesOf(policy, { [`${resource}.${path}`]: marks[2] }), [], path);
  });
  return {
    /** One broken property, one fault that says so, also where other things are unknown. */
    refuses: (edits: Edits, message: string | RegExp, settings: object = {}): void => {
      for (const blurred of [false, true]) {
        const messages = messagesOf(policy, edits, settings, blurred);
        assert.equal(messages.length, 1, `expected one fault, got ${JSON.stringify(messages)}`);
        assert.match(messages[0] ?? "", typeof message === "string" ? new RegExp(escape(message)) : message);
        assert.match(messages[0] ?? "", /^[\w-]+: .*; ./, "names no resource or no remedy");
      }
    },
    keeps: (edits: Edits, settings: object = {}): void => {
      assert.deepEqual(messagesOf(policy, edits, settings), []);
    },
    /** How many resources (or stacks) it judges after the edits. */
    judges: (edits: Edits, count: number, settings: object = {}): void => {
      assert.equal(run(policy, seenOf(edited(edits)), settings).judged, count);
    },
  };
}

function messagesOf(policy: Policy, edits: Edits, settings: object = {}, blurred = false): string[] {
  const stack = edited(edits);
  if (blurred)
    for (const { props } of Object.values(stack)) Object.assign(props, { tags: marks[6], description: marks[2] });
  return run(policy, seenOf(stack), settings).messages;
}

function edited(edits: Edits): Stack {
  const stack = compliantStack();
  for (const [target, value] of Object.entries(edits)) {
    const [resource = "", ...path] = target.split(".");
    if (path.length > 0) edit(stack[resource]?.props, path.join("."), value);
    else if (value === undefined) Reflect.deleteProperty(stack, resource);
    else stack[resource] = value as Stack[string];
  }
  return stack;
}

/** Each property of each resource, whole tables included. */
function pathsOf(stack: Stack): [string, string][] {
  const within = (value: unknown, path: string): string[] =>
    typeof value !== "object" || value === null
      ? [path]
      : [
          path,
          ...Object.entries(value).flatMap(([key, item]) => (key.includes(".") ? [] : within(item, `${path}.${key}`))),
        ];
  return Object.entries(stack).flatMap(([name, { props }]) =>
    Object.entries(props).flatMap(([key, value]) => within(value, key).map((path): [string, string] => [name, path])),
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
