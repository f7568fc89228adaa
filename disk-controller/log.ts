/** Writes one line of JSON. */
export function log(level: "info" | "warning" | "error", message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
