// What can be done to keys. Upstream: agent/consul/state/kvs.go, graveyard.go.
// A deletion leaves a tombstone, so that the index of a prefix never falls back while somebody waits for it.

import { quote } from '@reeve/cli';
import type { KeyValue } from '../records/index.ts';
import { KeptKeyValue } from './kept-key-value.ts';
import { byteKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Sets a key, locked or not. A lock stays, but its count begins again: whoever writes plainly breaks it. */
export function setKey(transaction: Transaction, entry: KeyValue): KeyValue {
  const existing = find(transaction, entry.key);
  return storeKey(transaction, existing, entry, entry.lockIndex, existing?.session ?? '');
}

/** Sets a key if its index is still the entry's `modifyIndex`, 0: if there is none. Undefined: it is not. */
export function setKeyIf(transaction: Transaction, entry: KeyValue): KeyValue | undefined {
  const indexNow = find(transaction, entry.key)?.modifyIndex ?? 0;
  return indexNow === entry.modifyIndex ? setKey(transaction, entry) : undefined;
}

/** Sets a key and gives it to a session. Undefined: another one holds it. */
export function lockKey(transaction: Transaction, entry: KeyValue): KeyValue | undefined {
  if (entry.session === '') throw new StateError('missing session');
  const sessionKey = within(
    (what) => `failed session lookup: ${what}`,
    () => uuidKey(entry.session),
  );
  if (transaction.tables.sessions.get(sessionKey) === undefined) {
    throw new StateError(`invalid session ${quote(entry.session)}`);
  }
  const existing = find(transaction, entry.key);
  if (existing === undefined) return storeKey(transaction, existing, entry, 1, entry.session);
  const isHolder = existing.session === entry.session;
  if (!isHolder && existing.session !== '') return undefined;
  const lockIndex = isHolder ? existing.lockIndex : existing.lockIndex + 1;
  return storeKey(transaction, existing, entry, lockIndex, entry.session);
}

/** Sets a key and takes it from the session that the entry names. Undefined: that one does not hold it. */
export function unlockKey(transaction: Transaction, entry: KeyValue): KeyValue | undefined {
  if (entry.session === '') throw new StateError('missing session');
  const existing = find(transaction, entry.key);
  if (existing === undefined || existing.session !== entry.session) return undefined;
  return storeKey(transaction, existing, entry, existing.lockIndex, '');
}

/** Takes a key from its session, whatever it is set to. */
export function releaseKey(transaction: Transaction, entry: KeyValue): void {
  storeKey(transaction, find(transaction, entry.key), entry, entry.lockIndex, '');
}

/** Deletes a key, locked or not. */
export function deleteKey(transaction: Transaction, key: string): void {
  if (find(transaction, key) === undefined) return;
  leaveTombstone(transaction, key);
  transaction.remove('keyValues', byteKey(key));
  transaction.touch('kvs');
}

/** Deletes a key if it has this index. False: it has another one. What is not there is deleted already. */
export function deleteKeyIf(transaction: Transaction, key: string, modifyIndex: number): boolean {
  const existing = find(transaction, key);
  if (existing === undefined) return true;
  if (existing.modifyIndex !== modifyIndex) return false;
  deleteKey(transaction, key);
  return true;
}

/** Deletes all keys that begin with a prefix. */
export function deleteTree(transaction: Transaction, prefix: string): void {
  const entries = transaction.tables.keyValues.startingWith(byteKey(prefix));
  if (entries.length === 0) return;
  for (const { key } of entries) transaction.remove('keyValues', byteKey(key));
  if (prefix !== '') leaveTombstone(transaction, prefix); // without any key, the table's index says it all
  transaction.touch('kvs');
}

/** Forgets the tombstones of entries up to this index. */
export function reapTombstones(transaction: Transaction, index: number): void {
  const reaped = transaction.tables.tombstones.startingWith('').filter((stone) => stone.index <= index);
  for (const { key } of reaped) transaction.remove('tombstones', byteKey(key));
}

function find({ tables }: Transaction, key: string): KeptKeyValue | undefined {
  return tables.keyValues.get(byteKey(key));
}

function storeKey(
  transaction: Transaction,
  existing: KeptKeyValue | undefined,
  { key, value, flags }: KeyValue,
  lockIndex: number,
  session: string,
): KeyValue {
  const { index } = transaction;
  const row = new KeptKeyValue({
    lockIndex,
    key: existing?.key ?? key, // the same text, but there already
    flags,
    value,
    session,
    createIndex: existing?.createIndex ?? index,
    modifyIndex: index,
  });
  if (existing?.isSame(row) === true) return existing;
  transaction.put('keyValues', row);
  transaction.touch('kvs');
  return row;
}

function leaveTombstone(transaction: Transaction, key: string): void {
  transaction.put('tombstones', { key, index: transaction.index });
  transaction.touch('tombstones');
  transaction.leftTombstone = true;
}
