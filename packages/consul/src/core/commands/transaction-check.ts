// Steps of a transaction on checks. Upstream: agent/consul/state/txn.go (txnCheck).

import { quote } from '@reeve/cli';
import type { TransactionResult, TransactionStep } from '../records/index.ts';
import { deleteCheck, deleteCheckIf, ensureCheck, ensureCheckIf } from '../state/checks.ts';
import { onNodeKey } from '../state/keys.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import { resultOf, unlessRefused } from './transaction-result.ts';

/** The check as the step found or left it. */
export function applyCheckStep(
  transaction: Transaction,
  { verb, check }: NonNullable<TransactionStep['check']>,
): readonly TransactionResult[] {
  const { node, checkId } = check;
  const which = `check ${quote(checkId)} on node ${quote(node)}`;
  const { checks } = transaction.tables;
  const key = onNodeKey(node, checkId);
  const present = () => {
    const row = checks.get(key);
    return row === undefined ? [] : resultOf({ check: row });
  };
  switch (verb) {
    case 'get':
      if (checks.get(key) === undefined) throw new StateError(`${which} doesn't exist`);
      return present();
    case 'set':
      ensureCheck(transaction, check);
      return present();
    case 'cas':
      if (!unlessRefused(() => ensureCheckIf(transaction, check))) {
        throw new StateError(`failed to set ${which}, index is stale`);
      }
      return present();
    case 'delete':
      deleteCheck(transaction, node, checkId);
      return [];
    case 'delete-cas':
      if (!deleteCheckIf(transaction, node, checkId, check.modifyIndex)) {
        throw new StateError(`failed to delete ${which}, index is stale`);
      }
      return [];
    default:
      throw new StateError(`unknown Check verb ${quote(verb)}`);
  }
}
