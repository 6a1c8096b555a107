// Command 2: one key, or all below it.

import type { KeyValueRequest } from '../records/index.ts';
import {
  deleteKey,
  deleteKeyIf,
  deleteTree,
  lockKey,
  setKey,
  setKeyIf,
  unlockKey,
} from '../state/key-values.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import type { CommandAnswer } from './command-outcome.ts';

/** Whether it was done, for those operations that may not do it; else nothing. */
export function applyKeyValue(
  transaction: Transaction,
  { operation, entry }: KeyValueRequest,
): CommandAnswer {
  switch (operation) {
    case 'set':
      setKey(transaction, entry);
      return null;
    case 'cas':
      return setKeyIf(transaction, entry) !== undefined;
    case 'lock':
      return lockKey(transaction, entry) !== undefined;
    case 'unlock':
      return unlockKey(transaction, entry) !== undefined;
    case 'delete':
      deleteKey(transaction, entry.key);
      return null;
    case 'delete-cas':
      return deleteKeyIf(transaction, entry.key, entry.modifyIndex);
    case 'delete-tree':
      deleteTree(transaction, entry.key);
      return null;
    default:
      throw new StateError(`Invalid KVS operation '${operation}'`);
  }
}
