// Command 8: several steps, all or nothing. All are tried, so that a client learns of every one that fails.
// Upstream: agent/consul/state/txn.go. Steps on keys, nodes, services and checks have a file each.

import type {
  TransactionError,
  TransactionRequest,
  TransactionResponse,
  TransactionResult,
  TransactionStep,
} from '../records/index.ts';
import { uuidKey } from '../state/keys.ts';
import { StateError } from '../state/state-error.ts';
import type { Tables } from '../state/tables.ts';
import { Transaction } from '../state/transaction.ts';
import { applyCheckStep } from './transaction-check.ts';
import { applyKeyStep } from './transaction-key.ts';
import { applyNodeStep } from './transaction-node.ts';
import { applyServiceStep } from './transaction-service.ts';

/** The results, or the errors, and then nothing was changed. */
export function applyTransaction(
  transaction: Transaction,
  { steps }: Pick<TransactionRequest, 'steps'>,
): TransactionResponse {
  const results: TransactionResult[] = [];
  const errors: TransactionError[] = [];
  for (const [at, step] of steps.entries()) {
    try {
      results.push(...applyStep(transaction, step));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      errors.push({ step: at, what: error.message });
    }
  }
  if (errors.length === 0) return { results, errors: null };
  transaction.undo();
  return { results: null, errors };
}

/** Steps that only read, answered from the state: `Txn.Read`. */
export function readTransaction(tables: Tables, steps: readonly TransactionStep[]): TransactionResponse {
  const transaction = new Transaction(tables, 0);
  const response = applyTransaction(transaction, { steps });
  transaction.undo(); // nothing, unless a caller let a step through that writes
  return response;
}

function applyStep(transaction: Transaction, step: TransactionStep): readonly TransactionResult[] {
  if (step.keyValue !== null) return applyKeyStep(transaction, step.keyValue);
  if (step.intention !== null) throw new StateError('intentions are not supported');
  if (step.node !== null) return applyNodeStep(transaction, step.node);
  if (step.service !== null) return applyServiceStep(transaction, step.service);
  if (step.check !== null) return applyCheckStep(transaction, step.check);
  if (step.session !== null) return applySessionStep(transaction, step.session);
  throw new StateError('no operation specified');
}

/** Only servers write this step. Upstream it takes nothing back that the session held; we do the same. */
function applySessionStep(
  transaction: Transaction,
  { verb, session }: NonNullable<TransactionStep['session']>,
): readonly TransactionResult[] {
  if (verb !== 'delete') throw new StateError(`failed to delete session: unknown Session verb "${verb}"`);
  transaction.remove('sessions', uuidKey(session.id));
  transaction.touch('sessions');
  return [];
}
