// Nodes. A name belongs to one node at a time, an id stays with its machine when it is renamed.
// Upstream: agent/consul/state/catalog.go (ensureNodeTxn, deleteNodeTxn).

import { encodeText } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import { type Node, serfHealth } from '../records/index.ts';
import { deleteCheck } from './checks.ts';
import { invalidByte, nameKey, onNodeKey, uuidKey } from './keys.ts';
import { sameRecord } from './same.ts';
import { touchServicesOn } from './service-indexes.ts';
import { deleteService } from './services.ts';
import { endSession } from './sessions.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Registers a node, changes it, or renames the one that has its id. */
export function ensureNode(transaction: Transaction, requested: Node): void {
  const existing = takeName(transaction, requested) ?? findNode(transaction, requested.name);
  const node = {
    ...requested,
    createIndex: existing?.createIndex ?? transaction.index,
    modifyIndex: transaction.index,
  };
  if (existing !== undefined && sameRecord(existing, node)) return;
  transaction.put('nodes', node);
  transaction.touch('nodes');
  touchServicesOn(transaction, node.name);
}

/** `ensureNode` if the node's index is still the request's, 0: if there is none. False: it is not. */
export function ensureNodeIf(transaction: Transaction, requested: Node): boolean {
  const existing = findNode(transaction, requested.name);
  if ((existing?.modifyIndex ?? 0) !== requested.modifyIndex) return false;
  ensureNode(transaction, requested);
  return true;
}

/** Removes a node with all that is on it, if there is one. */
export function deleteNode(transaction: Transaction, name: string): void {
  if (findNode(transaction, name) === undefined) return;
  const { services, checks, coordinates, sessions } = transaction.tables;
  const key = nameKey(name);
  touchServicesOn(transaction, name);
  for (const { service } of services.startingWith(key)) deleteService(transaction, name, service.id);
  for (const { checkId } of checks.startingWith(key)) deleteCheck(transaction, name, checkId);
  for (const row of coordinates.startingWith(key)) {
    transaction.remove('coordinates', coordinates.keyOf(row));
    transaction.touch('coordinates');
  }
  transaction.remove('nodes', key);
  transaction.touch('nodes');
  for (const { id } of sessions.matching('node', key)) endSession(transaction, id);
}

/** `deleteNode` if it has this index. False: it has another one, or there is none. */
export function deleteNodeIf(transaction: Transaction, name: string, modifyIndex: number): boolean {
  const existing = findNode(transaction, name);
  if (existing === undefined || existing.modifyIndex !== modifyIndex) return false;
  deleteNode(transaction, name);
  return true;
}

/** The node with this name, in any case. */
export function findNode({ tables }: Transaction, name: string): Node | undefined {
  return tables.nodes.get(nameKey(name));
}

/** The node with this id. @throws StateError if it is no UUID */
export function findNodeById({ tables }: Transaction, id: string): Node | undefined {
  const problem = uuidProblem(id);
  if (problem !== undefined) {
    throw new StateError(`node lookup by ID failed, wrong UUID: ${problem} for '${id}'`);
  }
  return tables.nodes.matching('id', uuidKey(id))[0];
}

/** What is wrong with a UUID, in the words of Go's uuid library, or undefined. */
export function uuidProblem(id: string): string | undefined {
  if (encodeText(id).length !== 36) return 'uuid string is wrong length';
  const [, ...groups] = /^(.{8})-(.{4})-(.{4})-(.{4})-(.{12})$/s.exec(id) ?? [];
  if (groups.length === 0) return 'uuid is improperly formatted';
  const wrong = /[^0-9a-fA-F]/.exec(groups.join(''))?.[0];
  return wrong === undefined ? undefined : invalidByte(wrong);
}

/** Makes sure that the name is free for a node with an id; returns the node that has this id, if any. */
function takeName(transaction: Transaction, node: Node): Node | undefined {
  if (node.id === '') return undefined;
  const sameId = within(
    (what) => `node lookup failed: ${what}`,
    () => findNodeById(transaction, node.id),
  );
  const where = sameId === undefined ? '' : ` (${node.address})`;
  if (sameId?.name === node.name) return sameId;
  requireFreeName(transaction, node, sameId === undefined, where);
  if (sameId !== undefined) deleteNode(transaction, sameId.name);
  return sameId;
}

/** A name is taken while its node lives, unless that has no id and this one is new. */
function requireFreeName(transaction: Transaction, node: Node, mayAdopt: boolean, where: string): void {
  const holder = findNode(transaction, node.name);
  if (holder === undefined || holder.id === node.id || (mayAdopt && holder.id === '')) return;
  const serf = transaction.tables.checks.get(onNodeKey(holder.name, serfHealth));
  if (serf === undefined || serf.status === 'critical') return;
  const reserved = `Node name ${node.name} is reserved by node ${holder.id}`;
  throw new StateError(
    `Error while renaming Node ID: ${quote(node.id)}${where}: ` +
      `${reserved} with name ${holder.name} (${holder.address})`,
  );
}
