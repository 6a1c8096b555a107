// An expression that is none. The text is for whoever wrote it.

/** Thrown when a filter is made; a filter that was made decides about everything. */
export class FilterError extends Error {
  override name = 'FilterError';
}
