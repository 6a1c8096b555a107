// Command 1: a service goes with its checks, or a check, or a node with all that is on it.

import type { DeregisterRequest } from '../records/index.ts';
import { deleteCheck } from '../state/checks.ts';
import { deleteNode } from '../state/nodes.ts';
import { deleteService } from '../state/services.ts';
import type { Transaction } from '../state/transaction.ts';

/** What is not there is deregistered already. */
export function applyDeregister(transaction: Transaction, request: DeregisterRequest): null {
  const { node, serviceId, checkId } = request;
  if (serviceId !== '') deleteService(transaction, node, serviceId);
  else if (checkId !== '') deleteCheck(transaction, node, checkId);
  else deleteNode(transaction, node);
  return null;
}
