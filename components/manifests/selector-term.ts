/** Finds subnets or security groups: by id, or by tags that must all match. */
export interface SelectorTerm {
  id?: string;
  /** Tag to value; the value `*` means any. */
  tags?: Record<string, string>;
}

/** What a selector may hold by Karpenter's definitions. */
const mostTerms = 30;
const mostTags = 20;

/** Faults of terms that find one kind of thing, whose ids start with `prefix`. */
export function validateSelectorTerms(field: string, prefix: "subnet" | "sg", terms: SelectorTerm[]): string[] {
  if (terms.length === 0) return [`${field}: must have at least one term with id or tags`];
  if (terms.length > mostTerms) return [`${field}: at most ${mostTerms} terms, got ${terms.length}`];
  return terms.flatMap((term, index) => {
    if ((term.id === undefined) === (term.tags === undefined))
      return [`${field}.${index}: state exactly one of id and tags`];
    if (term.id !== undefined && !new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(term.id))
      return [`${field}.${index}.id: must be an id such as ${prefix}-0123456789abcdef0, got "${term.id}"`];
    if (term.tags && Object.entries(term.tags).some(([key, value]) => key === "" || value === ""))
      return [`${field}.${index}.tags: must have no empty key or value`];
    const count = Object.keys(term.tags ?? {}).length;
    return term.tags && (count === 0 || count > mostTags)
      ? [`${field}.${index}.tags: must have 1 to ${mostTags} tags, got ${count}`]
      : [];
  });
}
