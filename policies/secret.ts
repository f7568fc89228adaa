const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets from the engine: policies judge them, but messages never show them. */
export const secrets = new Set<unknown>();

/** Remembers the secrets in serialized properties. */
export function rememberSecrets(value: unknown, inside = false): void {
  if (typeof value !== "object" || value === null) {
    if (inside) secrets.add(value);
    return;
  }
  const secret = inside || (value as Record<string, unknown>)[signature] === secretSignature;
  for (const [key, item] of Object.entries(value)) if (key !== signature) rememberSecrets(item, secret);
}

/** The text with its secrets replaced. */
export function withoutSecrets(text: string): string {
  const words = [...secrets].filter((one) => typeof one === "string" && one.length > 3) as string[];
  return words.reduce((hidden, word) => hidden.replaceAll(word, "(secret)"), text);
}
