import type { Edits } from "../chain";

/** One error in a chain, the only policy that finds it, and a part of what it says. */
export interface Mutation {
  policy: string;
  message: string;
  edits: Edits;
}

/** Mutations that one policy finds. */
export function foundBy(policy: string, ...rows: [message: string, edits: Edits][]): Mutation[] {
  return rows.map(([message, edits]) => ({ policy, message, edits }));
}
