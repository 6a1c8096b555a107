// Command 0: a node, a service on it, and checks, all or nothing.

import { quote } from '@reeve/cli';
import type { HealthCheck, RegisterRequest } from '../records/index.ts';
import { ensureCheck } from '../state/checks.ts';
import { ensureNode, findNode } from '../state/nodes.ts';
import { ensureService } from '../state/services.ts';
import { StateError, within } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';

/** Registers what the request has. What is registered already, and the same, keeps its index. */
export function applyRegister(transaction: Transaction, request: RegisterRequest): null {
  const { service } = request;
  if (!request.skipNodeUpdate || findNode(transaction, request.node) === undefined) {
    within(
      (what) => `failed inserting node: ${what}`,
      () => ensureNode(transaction, nodeOf(request)),
    );
  }
  if (service !== null) {
    within(
      (what) => `failed inserting service: ${what}`,
      () => ensureService(transaction, request.node, service),
    );
  }
  if (request.check !== null) registerCheck(transaction, request.node, request.check);
  for (const check of request.checks ?? []) registerCheck(transaction, request.node, check);
  return null;
}

/** The node in a registration. */
export function nodeOf(request: RegisterRequest) {
  const { id, node: name, address, datacenter, taggedAddresses, nodeMeta: meta } = request;
  const { createIndex, modifyIndex } = request;
  return { id, name, address, datacenter, taggedAddresses, meta, createIndex, modifyIndex };
}

function registerCheck(transaction: Transaction, node: string, check: HealthCheck): void {
  if (check.node !== node) {
    throw new StateError(`check node ${quote(check.node)} does not match node ${quote(node)}`);
  }
  within(
    (what) => `failed inserting check: ${what} on node ${quote(check.node)}`,
    () => ensureCheck(transaction, check),
  );
}
