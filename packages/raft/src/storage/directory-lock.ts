// One process at a time uses a directory: two that write one log would lose what both have acknowledged.
//
// The lock is flock(2)'s, as the original's database takes it; that one waits for it without a word. It
// belongs to the open file, so it ends with the process, however that ends. Node cannot ask for it; `flock`
// of util-linux can, for a file that we have opened and it inherits.

import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { RaftError } from '../core/index.ts';

/** Ends the use of a directory. */
export type Unlock = () => void;

/**
 * Takes a directory for this process. Where there is no `flock` nothing is taken.
 * @throws RaftError `storage` when another process has it.
 */
export function lockDirectory(directory: string): Unlock {
  const path = `${directory}/lock`;
  const file = openSync(path, 'a+', 0o600);
  const { status } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] });
  if (status === 1) {
    closeSync(file);
    throw new RaftError('storage', heldText(directory, readFileSync(path, 'latin1')));
  }
  ftruncateSync(file);
  writeSync(file, `${process.pid}\n`);
  return () => closeSync(file);
}

function heldText(directory: string, owner: string): string {
  const who = /^\d+\n$/.test(owner) ? `process ${owner.trim()}` : 'another process';
  return (
    `${directory}: ${who} uses it. Stop that one first, or give this one a data directory of its own: ` +
    'two servers on one raft log would destroy it'
  );
}
