// Tags on the command line: `key=value`, split at the first `=`.

import { CommandFailure } from '@reeve/cli';

/** Reads `key=value` words; of a key given twice the last counts. @throws CommandFailure for other words. */
export function parseTags(words: readonly string[]): Map<string, string> {
  const tags = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0) throw new CommandFailure(`Error: Invalid tag: '${word}'`);
    tags.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return tags;
}
