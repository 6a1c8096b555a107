// `-node-meta key=value` as agents are asked for it.

/** The values of the argument `node-meta`. */
export function nodeMetaArgument(pairs: ReadonlyMap<string, string>): readonly string[] {
  return [...pairs].map(([key, value]) => `${key}:${value}`);
}
