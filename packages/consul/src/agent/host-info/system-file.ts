// Files in which Linux tells about itself: `name: value` on each line. On other systems there are none.

import { readFile } from 'node:fs/promises';

/** The text of a file; empty if there is none, or none for us. */
export function systemFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** What stands after the separator, by what stands before. */
export function namedValues(text: string, separator = ':'): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => {
    const end = line.indexOf(separator);
    return [line.slice(0, end).trim(), line.slice(end + 1).trim()] as const;
  });
  return new Map(lines.filter(([name]) => name !== ''));
}
