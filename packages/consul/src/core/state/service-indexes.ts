// Each service name and each kind of service has an index of its own, so that who waits for one service is
// not woken by another. Upstream: agent/consul/state/catalog_oss.go.

import type { NodeService } from '../records/index.ts';
import { nameKey } from './keys.ts';
import type { Transaction } from './transaction.ts';

/** The entry of the index table for a service name. */
export function serviceIndexName(service: string): string {
  return `service.${service}`;
}

/** The entry of the index table for a kind of service. */
export function kindIndexName(kind: string): string {
  return `service_kind.${kind === '' ? 'typical' : kind}`;
}

/** The index at which a service name last lost its last instance. */
export const extinctionIndexName = 'service_last_extinction';

/** Something about a service has changed. */
export function touchService(transaction: Transaction, { service, kind }: NodeService): void {
  transaction.touch(serviceIndexName(service));
  transaction.touch(kindIndexName(kind));
}

/** Something has changed that every service of a node shows. */
export function touchServicesOn(transaction: Transaction, node: string): void {
  const rows = transaction.tables.services.startingWith(nameKey(node));
  for (const { service } of rows) touchService(transaction, service);
}
