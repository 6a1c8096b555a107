// What is said of something that was thrown.

/** Its text, for people and clients. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
