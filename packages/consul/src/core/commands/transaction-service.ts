// Steps of a transaction on services. Upstream: agent/consul/state/txn.go (txnService).

import { quote } from '@reeve/cli';
import type { TransactionResult, TransactionStep } from '../records/index.ts';
import { onNodeKey } from '../state/keys.ts';
import { deleteService, deleteServiceIf, ensureService, ensureServiceIf } from '../state/services.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import { resultOf } from './transaction-result.ts';

/** The service as the step found or left it. */
export function applyServiceStep(
  transaction: Transaction,
  { verb, node, service }: NonNullable<TransactionStep['service']>,
): readonly TransactionResult[] {
  const which = `service ${quote(service.id)} on node ${quote(node)}`;
  const found = () => {
    const row = transaction.tables.services.get(onNodeKey(node, service.id));
    if (row === undefined) throw new StateError(`${which} doesn't exist`);
    return resultOf({ service: row.service });
  };
  switch (verb) {
    case 'get':
      return found();
    case 'set':
      ensureService(transaction, node, service);
      return found();
    case 'cas':
      if (!ensureServiceIf(transaction, node, service)) {
        throw new StateError(`failed to set ${which}, index is stale`);
      }
      return found();
    case 'delete':
      deleteService(transaction, node, service.id);
      return [];
    case 'delete-cas':
      if (!deleteServiceIf(transaction, node, service.id, service.modifyIndex)) {
        throw new StateError(`failed to delete ${which}, index is stale`);
      }
      return [];
    default:
      throw new StateError(`unknown Service verb ${quote(verb)}`);
  }
}
