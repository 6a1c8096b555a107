// Steps of a transaction on nodes. Upstream: agent/consul/state/txn.go (txnNode).

import { quote } from '@reeve/cli';
import type { Node, TransactionResult, TransactionStep } from '../records/index.ts';
import {
  deleteNode,
  deleteNodeIf,
  ensureNode,
  ensureNodeIf,
  findNode,
  findNodeById,
} from '../state/nodes.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import { resultOf, unlessRefused } from './transaction-result.ts';

/** The node as the step found or left it. */
export function applyNodeStep(
  transaction: Transaction,
  { verb, node }: NonNullable<TransactionStep['node']>,
): readonly TransactionResult[] {
  const stale = (what: string) =>
    new StateError(`failed to ${what} node ${quote(node.name)}, index is stale`);
  switch (verb) {
    case 'get': {
      const found = find(transaction, node);
      if (found === undefined) throw new StateError(`node ${quote(node.name)} doesn't exist`);
      return resultOf({ node: found });
    }
    case 'set':
      ensureNode(transaction, node);
      return present(find(transaction, node));
    case 'cas':
      if (!unlessRefused(() => ensureNodeIf(transaction, node))) throw stale('set');
      return present(find(transaction, node));
    case 'delete':
      deleteNode(transaction, node.name);
      return [];
    case 'delete-cas':
      if (!deleteNodeIf(transaction, node.name, node.modifyIndex)) throw stale('delete');
      return [];
    default:
      throw new StateError(`unknown Node verb ${quote(verb)}`);
  }
}

function present(node: Node | undefined): readonly TransactionResult[] {
  return node === undefined ? [] : resultOf({ node });
}

function find(transaction: Transaction, node: Node): Node | undefined {
  return node.id === '' ? findNode(transaction, node.name) : findNodeById(transaction, node.id);
}
