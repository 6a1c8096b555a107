// Command 5: the leader has tombstones forgotten when nobody can wait for them any more.

import type { TombstoneRequest } from '../records/index.ts';
import { reapTombstones } from '../state/key-values.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';

/** Forgets the tombstones of entries up to the request's index. */
export function applyTombstone(transaction: Transaction, { operation, reapIndex }: TombstoneRequest): null {
  if (operation !== 'reap') throw new StateError(`Invalid Tombstone operation '${operation}'`);
  reapTombstones(transaction, reapIndex);
  return null;
}
