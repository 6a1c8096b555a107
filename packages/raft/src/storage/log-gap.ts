// Whether log and snapshots together have everything from the first entry on.

import { RaftError } from '../core/index.ts';
import type { LogStore } from './log-store.ts';

/**
 * Entries that are gone from the log and in no snapshot are lost: nobody may go on as if they were not.
 * @throws RaftError
 */
export function requireNoGap(store: LogStore, snapshotIndex: number): void {
  if (store.firstIndex <= snapshotIndex + 1 || store.lastIndex < store.firstIndex) return;
  throw new RaftError(
    'storage',
    `the raft log begins with entry ${store.firstIndex}, the newest snapshot ends with ${snapshotIndex}: ` +
      'what lies between is missing. Put back the files of the snapshots; or, if the other servers have a ' +
      'leader, remove the raft directory and start again: they send everything',
  );
}
