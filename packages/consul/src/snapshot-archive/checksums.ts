// `SHA256SUMS`: one line a file, as sha256sum writes and checks them.

import { quote } from '@reeve/cli';
import { ArchiveError } from './archive-error.ts';

/** The text of the file. */
export function formatChecksums(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([file, sum]) => `${sum}  ${file}\n`).join('');
}

/** Compares what the archive says with what was found. @throws ArchiveError */
export function verifyChecksums(text: string, found: ReadonlyMap<string, string>): void {
  const missing = new Set(found.keys());
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, sum = '', file = ''] = /^([0-9a-fA-F]{64}) {1,2}(\S+)$/.exec(line) ?? refuse('invalid line');
    const expected = found.get(file) ?? refuse(`list missing hash for ${quote(file)}`);
    if (sum.toLowerCase() !== expected) refuse(`hash check failed for ${quote(file)}`);
    missing.delete(file);
  }
  for (const file of missing) refuse(`file missing for ${quote(file)}`);
}

function refuse(what: string): never {
  throw new ArchiveError(`failed to read snapshot file: failed checking integrity of snapshot: ${what}`);
}
