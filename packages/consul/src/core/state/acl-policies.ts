// Policies. Upstream: agent/consul/state/acl.go (aclPolicySetTxn, aclPolicyDeleteTxn).

import { quote } from '@reeve/cli';
import type { AclPolicy } from '../records/index.ts';
import { nameKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Adds a policy or replaces the one with its id. */
export function setPolicy(transaction: Transaction, requested: AclPolicy): void {
  if (requested.id === '') throw new StateError('Missing ACL Policy ID');
  if (requested.name === '') throw new StateError('Missing ACL Policy Name');
  const { aclPolicies } = transaction.tables;
  const key = uuidKey(requested.id);
  const existing = aclPolicies.get(key);
  if (existing !== undefined && requested.id === globalManagementId) requireUnchanged(requested);
  if (aclPolicies.matching('name', nameKey(requested.name)).some(({ id }) => id !== requested.id))
    throw new StateError(`A policy with name ${quote(requested.name)} already exists`);
  const { index } = transaction;
  const createIndex = existing?.createIndex ?? index;
  transaction.put('aclPolicies', { ...requested, createIndex, modifyIndex: index });
  transaction.touch(policiesIndex);
}

/** Deletes the policy with an id, if there is one. Links to it are left where they are. */
export function deletePolicy(transaction: Transaction, id: string): void {
  const key = uuidKey(id);
  if (transaction.tables.aclPolicies.get(key) === undefined) return;
  if (id === globalManagementId)
    throw new StateError('Deletion of the builtin global-management policy is not permitted');
  transaction.remove('aclPolicies', key);
  transaction.touch(policiesIndex);
}

/** The policy with an id. */
export function findPolicy({ tables }: Transaction, id: string): AclPolicy | undefined {
  const key = within(
    (what) => `failed acl policy lookup: ${what}`,
    () => uuidKey(id),
  );
  return tables.aclPolicies.get(key);
}

function requireUnchanged({ rules, datacenters }: AclPolicy): void {
  if (rules !== globalManagementRules)
    throw new StateError('Changing the Rules for the builtin global-management policy is not permitted');
  if ((datacenters?.length ?? 0) > 0)
    throw new StateError('Changing the Datacenters of the builtin global-management policy is not permitted');
}

const policiesIndex = 'acl-policies';
const globalManagementId = '00000000-0000-0000-0000-000000000001';
/** What it must say, byte for byte, whoever writes it again. */
const globalManagementRules = [
  '',
  'acl = "write"',
  ...prefixed('agent'),
  ...prefixed('event'),
  ...prefixed('key'),
  'keyring = "write"',
  ...prefixed('node'),
  'operator = "write"',
  ...prefixed('query'),
  ...prefixed('service', '\tintentions = "write"'),
  ...prefixed('session'),
].join('\n');

function prefixed(resource: string, ...further: readonly string[]): string[] {
  return [`${resource}_prefix "" {`, '\tpolicy = "write"', ...further, '}'];
}
