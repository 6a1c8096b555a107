// Checks of nodes and services. A check that turns critical, or goes, ends the sessions bound to it.
// Upstream: agent/consul/state/catalog.go (ensureCheckTxn, deleteCheckTxn).

import type { HealthCheck } from '../records/index.ts';
import { nameKey, onNodeKey } from './keys.ts';
import { sameRecord } from './same.ts';
import { kindIndexName, serviceIndexName, touchServicesOn } from './service-indexes.ts';
import { endSessionsOfCheck } from './sessions.ts';
import { StateError } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Registers a check or changes it. A check that is the same keeps its index, but moves the table's. */
export function ensureCheck(transaction: Transaction, requested: HealthCheck): void {
  const { tables } = transaction;
  const existing = tables.checks.get(onNodeKey(requested.node, requested.checkId));
  const node = tables.nodes.get(nameKey(requested.node));
  if (node === undefined) throw new StateError('Missing node registration');
  const check = {
    ...requested,
    ...serviceOf(transaction, requested),
    node: node.name, // upstream cannot restore a snapshot in which it is spelled in two ways
    status: requested.status || 'critical',
  };
  const isSame = existing !== undefined && isSameCheck(existing, check);
  if (!isSame) touchServicesOf(transaction, check);
  if (check.status === 'critical') endSessionsOfCheck(transaction, check.node, check.checkId);
  if (check.checkId === '') throw new StateError('failed inserting check: object missing primary index');
  transaction.put('checks', {
    ...check,
    createIndex: existing?.createIndex ?? transaction.index,
    modifyIndex: isSame ? existing.modifyIndex : transaction.index,
  });
  transaction.touch('checks');
}

/** `ensureCheck` if the check's index is still the request's, 0: if there is none. False: it is not. */
export function ensureCheckIf(transaction: Transaction, requested: HealthCheck): boolean {
  const existing = transaction.tables.checks.get(onNodeKey(requested.node, requested.checkId));
  if ((existing?.modifyIndex ?? 0) !== requested.modifyIndex) return false;
  ensureCheck(transaction, requested);
  return true;
}

/** Removes a check, if there is one. */
export function deleteCheck(transaction: Transaction, node: string, checkId: string): void {
  const key = onNodeKey(node, checkId);
  const check = transaction.tables.checks.get(key);
  if (check === undefined) return;
  touchServicesOf(transaction, check);
  if (check.serviceId === '') transaction.touch('services');
  transaction.remove('checks', key);
  transaction.touch('checks');
  endSessionsOfCheck(transaction, check.node, check.checkId);
}

/** `deleteCheck` if it has this index. False: it has another one, or there is none. */
export function deleteCheckIf(
  transaction: Transaction,
  node: string,
  checkId: string,
  modifyIndex: number,
): boolean {
  const existing = transaction.tables.checks.get(onNodeKey(node, checkId));
  if (existing === undefined || existing.modifyIndex !== modifyIndex) return false;
  deleteCheck(transaction, node, checkId);
  return true;
}

/** A check of another type is the same; so is one whose node was spelled in another way. */
function isSameCheck(a: HealthCheck, b: HealthCheck): boolean {
  return sameRecord({ ...a, type: '', node: '' }, { ...b, type: '', node: '' });
}

/** A check shows the name and tags that its service has when the check is written. */
function serviceOf(
  { tables }: Transaction,
  { node, serviceId, serviceName, serviceTags }: HealthCheck,
): Pick<HealthCheck, 'serviceName' | 'serviceTags'> {
  if (serviceId === '') return { serviceName, serviceTags };
  const row = tables.services.get(onNodeKey(node, serviceId));
  if (row === undefined) throw new StateError('Missing service registration');
  return { serviceName: row.service.service, serviceTags: row.service.tags };
}

function touchServicesOf(transaction: Transaction, { node, serviceId, serviceName }: HealthCheck): void {
  if (serviceId === '') return touchServicesOn(transaction, node);
  const row = transaction.tables.services.get(onNodeKey(node, serviceId));
  transaction.touch(serviceIndexName(serviceName));
  if (row !== undefined) transaction.touch(kindIndexName(row.service.kind));
}
