// Services of nodes. Upstream: agent/consul/state/catalog.go (ensureServiceTxn, deleteServiceTxn).

import { evenWeights, type NodeService, type Weights, weightMax } from '../records/index.ts';
import { deleteCheck } from './checks.ts';
import { nameKey, onNodeKey } from './keys.ts';
import { serviceMetadataProblem } from './metadata.ts';
import type { ServiceRow } from './rows.ts';
import { same, sameRecord } from './same.ts';
import { extinctionIndexName, kindIndexName, serviceIndexName, touchService } from './service-indexes.ts';
import { StateError } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Registers a service or changes it; another name under the same id is allowed. */
export function ensureService(transaction: Transaction, node: string, requested: NodeService): void {
  const existing = findService(transaction, node, requested.id);
  const problem = serviceMetadataProblem(requested.kind, requested.meta);
  if (problem !== undefined) {
    throw new StateError(`Invalid Service Meta for node ${node} and serviceID ${requested.id}: ${problem}`);
  }
  if (transaction.tables.nodes.get(nameKey(node)) === undefined) {
    throw new StateError('Missing node registration');
  }
  const service = {
    ...requested,
    weights: usableWeights(requested.weights),
    createIndex: existing?.service.createIndex ?? transaction.index,
    modifyIndex: transaction.index,
  };
  // Not the case of the node's name: a snapshot does not keep it, and servers must agree after one.
  if (existing !== undefined && sameRecord(existing.service, service)) return;
  if (service.id === '') throw new StateError('failed inserting service: object missing primary index');
  transaction.put('services', { node, service });
  transaction.touch('services');
  touchService(transaction, service);
}

/** `ensureService` if the service's index is still the request's, 0: if there is none. False: it is not. */
export function ensureServiceIf(transaction: Transaction, node: string, requested: NodeService): boolean {
  const existing = findService(transaction, node, requested.id);
  if ((existing?.service.modifyIndex ?? 0) !== requested.modifyIndex) return false;
  ensureService(transaction, node, requested);
  return true;
}

/** Removes a service with its checks, if there is one. */
export function deleteService(transaction: Transaction, node: string, id: string): void {
  const row = findService(transaction, node, id);
  if (row === undefined) return;
  const { checks, services } = transaction.tables;
  const key = onNodeKey(node, id);
  for (const check of checks.matching('onService', key)) {
    deleteCheck(transaction, check.node, check.checkId);
  }
  transaction.touch('checks');
  transaction.remove('services', key);
  transaction.touch('services');
  transaction.touch(kindIndexName(row.service.kind));
  const name = row.service.service;
  if (services.matching('name', nameKey(name)).length > 0) transaction.touch(serviceIndexName(name));
  else forgetService(transaction, name);
}

/** `deleteService` if it has this index. False: it has another one, or there is none. */
export function deleteServiceIf(
  transaction: Transaction,
  node: string,
  id: string,
  modifyIndex: number,
): boolean {
  const existing = findService(transaction, node, id);
  if (existing === undefined || existing.service.modifyIndex !== modifyIndex) return false;
  deleteService(transaction, node, id);
  return true;
}

/** A service's weights: 1 and 1 where none, or useless ones, were given. */
export function usableWeights(weights: Weights | null): Weights {
  if (weights === null || same(weights, evenWeights)) return evenWeights;
  const isUsable = weights.passing >= 1 && weights.warning >= 0;
  return isUsable && weights.passing <= weightMax && weights.warning <= weightMax ? weights : evenWeights;
}

function findService({ tables }: Transaction, node: string, id: string): ServiceRow | undefined {
  return tables.services.get(onNodeKey(node, id));
}

/** The last instance went: the index of the name goes, too, so that names which nobody uses leave nothing. */
function forgetService(transaction: Transaction, name: string): void {
  transaction.remove('indexes', nameKey(serviceIndexName(name)));
  transaction.touch(extinctionIndexName);
}
