/** A hundred years: Go's durations end after 292 years, and Karpenter could not read the object. */
const longestSeconds = 100 * 365 * 24 * 3600;
const pattern = /^(\d+h)?(\d+m)?(\d+s)?$/;
const units: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** A duration such as `1h30m` in seconds. */
export function secondsOf(duration: string): number {
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

/** What is wrong with a duration, with the fix, or nothing. */
export function durationError(text: string, example: string): string | undefined {
  if (isDuration(text)) return undefined;
  const [, count = "", unit = ""] = /^(\d+) ?([a-z])[a-z]*$/i.exec(text) ?? [];
  const meant = unit.toLowerCase() === "d" ? `${Number(count) * 24}h` : `${count}${unit.toLowerCase()}`;
  return `must be a duration such as ${example}, got "${text}"${isDuration(meant) ? `; write ${meant}` : ""}`;
}

/** Whether the text is a duration in hours, minutes and seconds, longer than zero. */
export function isDuration(text: string): boolean {
  return pattern.test(text) && secondsOf(text) > 0 && secondsOf(text) <= longestSeconds;
}
