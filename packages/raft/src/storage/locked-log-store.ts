// The log of a process, on a disk, in a directory that nobody else uses meanwhile.

import { type Disk, openError, type Result } from '@reeve/runtime';
import { RaftError } from '../core/index.ts';
import { lockDirectory, type Unlock } from './directory-lock.ts';
import { openFileLog } from './log-recovery.ts';
import type { LogStore } from './log-store.ts';
import { damagedLog } from './segment.ts';

/**
 * Opens the log in a directory, which must be there. Fails with a `storage` error when another process uses
 * it, it is damaged, or it was written by an older version.
 */
export function openLogStore(disk: Disk, directory: string, done: (result: Result<LogStore>) => void): void {
  let unlock: Unlock;
  try {
    unlock = lockDirectory(directory);
  } catch (error) {
    const path = `${directory}/lock`;
    const failure = error instanceof RaftError ? error : damagedLog(path, openError(path, error), error);
    process.nextTick(done, { ok: false, error: failure });
    return;
  }
  openFileLog(
    disk,
    directory,
    (opened) => {
      if (!opened.ok) unlock();
      done(opened);
    },
    { onClosed: unlock },
  );
}
