// Transactions. Upstream: agent/consul/txn_endpoint.go.

import {
  readTransaction,
  type TransactionError,
  type TransactionRequest,
  type TransactionResponse,
  type TransactionStep,
} from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import { type TransactionRead, type TransactionReadResponse, txn } from '../../rpc/methods/index.ts';
import { apply } from '../apply.ts';
import { consistentRead, metaOf } from '../blocking-query.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';
import { completeCheck, completeService, refuseKey, refuseNode } from './pre-apply.ts';

/** Serves the methods of `Txn`. */
export function serveTxn(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  methods.change(txn.apply, change);
  methods.otherQuestion(txn.read, read);
}

async function change(server: ServerContext, request: TransactionRequest): Promise<TransactionResponse> {
  const { steps, errors } = prepare(server, request.steps);
  if (errors.length > 0) return { results: null, errors };
  const answer = await apply(server, { type: 'transaction', request: { ...request, steps } });
  if (answer === null || typeof answer !== 'object') throw new Error('unexpected answer to a transaction');
  return answer;
}

async function read(server: ServerContext, request: TransactionRead): Promise<TransactionReadResponse> {
  if (request.requireConsistent) await consistentRead(server);
  const meta = { ...metaOf(server, 0), index: 0 };
  const { steps, errors } = prepare(server, request.steps);
  if (errors.length > 0) return { results: null, errors, ...meta };
  return { ...readTransaction(server.store.tables, steps), ...meta };
}

/** The steps with what clients leave out, and which of them are refused before anything is written. */
function prepare(server: ServerContext, steps: readonly TransactionStep[]) {
  const errors: TransactionError[] = [];
  const prepared = steps.map((step, index) => {
    try {
      return prepareStep(server, step);
    } catch (error) {
      errors.push({ step: index, what: (error as Error).message });
      return step;
    }
  });
  return { steps: prepared, errors };
}

function prepareStep(server: ServerContext, step: TransactionStep): TransactionStep {
  const { keyValue, node, service, check } = step;
  if (keyValue !== null) {
    refuseKey(keyValue.verb, keyValue.entry.key);
    if (keyValue.verb === 'lock') refuseDelayed(server, keyValue.entry.key);
  }
  if (node !== null && node.verb !== 'get') refuseNode(node.node.name, node.node.id);
  if (service !== null && service.verb !== 'get') {
    return { ...step, service: { ...service, service: completeService(service.service) } };
  }
  if (check !== null && check.verb !== 'get') {
    return { ...step, check: { ...check, check: completeCheck(check.check) } };
  }
  return step;
}

function refuseDelayed({ store }: ServerContext, key: string): void {
  if (store.lockDelays.remainingMs(key) === 0) return;
  throw new Error(`failed to lock key "${key}" due to lock delay`);
}
