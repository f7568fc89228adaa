import * as aws from "@pulumi/aws";
import { nearest } from "../components/manifests/suggestion";

/**
 * Errors of keys that look like this program's but are not read: a misspelt namespace, or one of its settings under another
 * namespace. Other keys of other namespaces pass.
 */
export function validateKeys(keys: string[], project: string, settings: string[]): string[] {
  const known = [
    ...settings.map((name) => `${project}:${name}`),
    ...Object.keys(aws.config).map((name) => `aws:${name}`),
  ];
  return keys.flatMap((key) => {
    const colon = key.indexOf(":");
    const [namespace, name] = [key.slice(0, colon), key.slice(colon + 1)];
    if (namespace === project) return [];
    const meant = settings.includes(name) ? `${project}:${name}` : nearest(key, known);
    if (known.includes(key) || meant === undefined) return [];
    return [`${key}: is not a setting of this program; did you mean "${meant}"?`];
  });
}
