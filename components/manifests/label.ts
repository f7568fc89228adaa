const name = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const domainPart = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const keyPattern = new RegExp(`^((${domainPart})(\\.${domainPart})*/)?${name}$`);
const valuePattern = new RegExp(`^(${name})?$`);
const longestDomain = 253;

/** Whether the text may be the key of a Kubernetes label (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
export function isLabelKey(text: string): boolean {
  return keyPattern.test(text) && text.lastIndexOf("/") <= longestDomain;
}

/** Whether the text may be the value of a Kubernetes label. */
export function isLabelValue(text: string): boolean {
  return valuePattern.test(text);
}

/** Whether Karpenter or Kubernetes reserves the key's domain; Karpenter compares only its end, with or without a dot. */
export function isReservedLabel(key: string): boolean {
  return /^[^/]*(karpenter\.sh|karpenter\.k8s\.aws)(\/|$)|(^|\.)(kubernetes\.io|k8s\.io)\//.test(key);
}
