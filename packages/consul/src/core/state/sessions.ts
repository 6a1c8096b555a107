// Sessions begin with a node and checks that are well, and end with them. Whatever ends a session, the keys
// that it held are released or deleted, and cannot be locked for a while.
// Upstream: agent/consul/state/session.go.

import type { KeyValue, Session } from '../records/index.ts';
import { deleteKey, releaseKey } from './key-values.ts';
import { nameKey, onNodeKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Begins a session. Its id was chosen before the entry was written. */
export function createSession(transaction: Transaction, requested: Session): void {
  if (requested.id === '') throw new StateError('Missing session ID');
  const session = {
    ...requested,
    behavior: knownBehavior(requested.behavior),
    createIndex: transaction.index,
    modifyIndex: transaction.index,
  };
  if (transaction.tables.nodes.get(nameKey(session.node)) === undefined) {
    throw new StateError('Missing node registration');
  }
  for (const checkId of checkIds(session)) requireHealthy(transaction, session.node, checkId);
  within(
    (what) => `failed inserting session: ${what}`,
    () => insertSession(transaction, session),
  );
  transaction.touch('sessions');
}

/** Ends a session, if there is one with this id. */
export function endSession(transaction: Transaction, id: string): void {
  const { sessions, sessionChecks, keyValues, queries } = transaction.tables;
  const key = within(
    (what) => `failed session lookup: ${what}`,
    () => uuidKey(id),
  );
  const session = sessions.get(key);
  if (session === undefined) return;
  transaction.remove('sessions', key);
  transaction.touch('sessions');
  for (const entry of keyValues.matching('session', key)) takeBack(transaction, session, entry);
  for (const row of sessionChecks.matching('session', key)) {
    transaction.remove('sessionChecks', sessionChecks.keyOf(row));
  }
  for (const query of queries.matching('session', key)) {
    transaction.remove('queries', queries.keyOf(query));
    transaction.touch('prepared-queries');
  }
}

/** Puts a session and its checks into the tables, as it is. */
export function insertSession(transaction: Transaction, session: Session): void {
  transaction.put('sessions', session);
  for (const checkId of checkIds(session)) {
    transaction.put('sessionChecks', { node: session.node, checkId, session: session.id });
  }
}

/** Ends all sessions that are bound to a check. */
export function endSessionsOfCheck(transaction: Transaction, node: string, checkId: string): void {
  const bound = transaction.tables.sessionChecks.startingWith(onNodeKey(node, checkId));
  for (const { session } of bound) endSession(transaction, session);
}

function takeBack(transaction: Transaction, session: Session, entry: KeyValue): void {
  if (session.behavior === 'delete') deleteKey(transaction, entry.key);
  else releaseKey(transaction, entry);
  if (session.lockDelayNs > 0) transaction.lockDelaysNs.set(entry.key, session.lockDelayNs);
}

function knownBehavior(behavior: string): Session['behavior'] {
  if (behavior === '') return 'release';
  if (behavior === 'release' || behavior === 'delete') return behavior;
  throw new StateError(`Invalid session behavior: ${behavior}`);
}

function requireHealthy({ tables }: Transaction, node: string, checkId: string): void {
  const check = tables.checks.get(onNodeKey(node, checkId));
  if (check === undefined) throw new StateError(`Missing check '${checkId}' registration`);
  if (check.status === 'critical') throw new StateError(`Check '${checkId}' is in critical state`);
}

/** All checks that a session is bound to, whatever field they were given in. */
function checkIds({ checks, nodeChecks, serviceChecks }: Session): string[] {
  return [...(checks ?? []), ...(nodeChecks ?? []), ...(serviceChecks ?? []).map(({ id }) => id)];
}
