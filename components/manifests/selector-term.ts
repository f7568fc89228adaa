/** Finds subnets or security groups: by id, or by tags that must all match. */
export interface SelectorTerm {
  id?: string;
  /** Tag to value; the value `*` means any. */
  tags?: Record<string, string>;
}

export function validateSelectorTerms(field: string, terms: SelectorTerm[]): string[] {
  if (terms.length === 0) return [`${field}: must have at least one term with id or tags`];
  return terms.flatMap((term, index) => {
    if ((term.id === undefined) === (term.tags === undefined))
      return [`${field}.${index}: state exactly one of id and tags`];
    if (term.id !== undefined && !/^(subnet|sg)-[0-9a-f]{8,17}$/.test(term.id))
      return [`${field}.${index}.id: must be an id such as subnet-0123456789abcdef0, got "${term.id}"`];
    if (term.tags && Object.entries(term.tags).some(([key, value]) => key === "" || value === ""))
      return [`${field}.${index}.tags: must have no empty key or value`];
    return term.tags && Object.keys(term.tags).length === 0
      ? [`${field}.${index}.tags: must have at least one tag`]
      : [];
  });
}
