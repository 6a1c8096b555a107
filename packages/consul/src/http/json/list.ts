// Lists of JSON texts.

/** A list of records. */
export function jsonList<Item>(items: readonly Item[] | null, format: (item: Item) => string): string {
  return `[${(items ?? []).map(format).join(',')}]`;
}
