// Steps of a transaction on keys. Upstream: agent/consul/state/txn.go (txnKVS).

import { quote } from '@reeve/cli';
import type { KeyValue, TransactionResult, TransactionStep } from '../records/index.ts';
import {
  deleteKey,
  deleteKeyIf,
  deleteTree,
  lockKey,
  setKey,
  setKeyIf,
  unlockKey,
} from '../state/key-values.ts';
import { byteKey } from '../state/keys.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import { resultOf } from './transaction-result.ts';

/** What the step read, with its value, or wrote or checked, without. */
export function applyKeyStep(
  transaction: Transaction,
  { verb, entry }: NonNullable<TransactionStep['keyValue']>,
): readonly TransactionResult[] {
  switch (verb) {
    case 'get':
      return resultOf({ keyValue: find(transaction, entry.key) ?? refuse(`${key(entry)} doesn't exist`) });
    case 'get-tree':
      return transaction.tables.keyValues
        .startingWith(byteKey(entry.key))
        .flatMap((keyValue) => resultOf({ keyValue }));
    case 'check-not-exists':
      if (find(transaction, entry.key) !== undefined) refuse(`${key(entry)} exists`);
      return [];
    case 'delete':
      deleteKey(transaction, entry.key);
      return [];
    case 'delete-cas':
      if (!deleteKeyIf(transaction, entry.key, entry.modifyIndex)) {
        refuse(`failed to delete ${key(entry)}, index is stale`);
      }
      return [];
    case 'delete-tree':
      deleteTree(transaction, entry.key);
      return [];
    default:
      return resultOf({ keyValue: { ...written(transaction, verb, entry), value: noBytes } });
  }
}

/** The entry that the step left or checked. */
function written(transaction: Transaction, verb: string, entry: KeyValue): KeyValue {
  switch (verb) {
    case 'set':
      return setKey(transaction, entry);
    case 'cas':
      return setKeyIf(transaction, entry) ?? refuse(`failed to set ${key(entry)}, index is stale`);
    case 'lock':
      return lockKey(transaction, entry) ?? refuse(`failed to lock ${key(entry)}, lock is already held`);
    case 'unlock':
      return (
        unlockKey(transaction, entry) ??
        refuse(`failed to unlock ${key(entry)}, lock isn't held, or is held by another session`)
      );
    case 'check-session':
      return checkedSession(transaction, entry);
    case 'check-index':
      return checkedIndex(transaction, entry);
    default:
      return refuse(`unknown KV verb ${quote(verb)}`);
  }
}

function checkedSession(transaction: Transaction, entry: KeyValue): KeyValue {
  const existing = find(transaction, entry.key);
  if (existing === undefined) return refuse(`failed to check session, ${key(entry)} doesn't exist`);
  if (existing.session === entry.session) return existing;
  const difference = `${quote(existing.session)} != ${quote(entry.session)}`;
  return refuse(`failed session check for ${key(entry)}, current session ${difference}`);
}

function checkedIndex(transaction: Transaction, entry: KeyValue): KeyValue {
  const existing = find(transaction, entry.key);
  if (existing === undefined) return refuse(`failed to check index, ${key(entry)} doesn't exist`);
  if (existing.modifyIndex === entry.modifyIndex) return existing;
  const difference = `${existing.modifyIndex} != ${entry.modifyIndex}`;
  return refuse(`failed index check for ${key(entry)}, current modify index ${difference}`);
}

function find({ tables }: Transaction, name: string): KeyValue | undefined {
  return tables.keyValues.get(byteKey(name));
}

function key(entry: KeyValue): string {
  return `key ${quote(entry.key)}`;
}

function refuse(what: string): never {
  throw new StateError(what);
}

const noBytes = new Uint8Array(0);
