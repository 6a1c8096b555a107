// Roles. Upstream: agent/consul/state/acl.go (aclRoleSetTxn, aclRoleDeleteTxn).

import { quote } from '@reeve/cli';
import type { AclLink, AclRole } from '../records/index.ts';
import { requireIdentities } from './acl-identities.ts';
import { findPolicy } from './acl-policies.ts';
import { nameKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Adds a role or replaces the one with its id. */
export function setRole(transaction: Transaction, requested: AclRole, allowMissingLinks: boolean): void {
  if (requested.id === '') throw new StateError('Missing ACL Role ID');
  if (requested.name === '') throw new StateError('Missing ACL Role Name');
  const existing = findRole(transaction, requested.id);
  const sameName = transaction.tables.aclRoles.matching('name', nameKey(requested.name));
  if (sameName.some(({ id }) => id !== requested.id))
    throw new StateError(`A role with name ${quote(requested.name)} already exists`);
  const policies = requested.policies?.map((link) => named(transaction, link, allowMissingLinks)) ?? null;
  requireIdentities('Role', requested);
  const { index } = transaction;
  const createIndex = existing?.createIndex ?? index;
  transaction.put('aclRoles', { ...requested, policies, createIndex, modifyIndex: index });
  transaction.touch(rolesIndex);
}

/** Deletes the role with an id, if there is one. Links to it are left where they are. */
export function deleteRole(transaction: Transaction, id: string): void {
  const key = uuidKey(id);
  if (transaction.tables.aclRoles.get(key) === undefined) return;
  transaction.remove('aclRoles', key);
  transaction.touch(rolesIndex);
}

/** The role with an id. */
export function findRole({ tables }: Transaction, id: string): AclRole | undefined {
  const key = within(
    (what) => `failed acl role lookup: ${what}`,
    () => uuidKey(id),
  );
  return tables.aclRoles.get(key);
}

function named(transaction: Transaction, link: AclLink, allowMissing: boolean): AclLink {
  if (link.id === '')
    throw new StateError('Encountered a Role with policies linked by Name in the state store');
  const policy = findPolicy(transaction, link.id);
  if (policy === undefined && !allowMissing) throw new StateError(`No such policy with ID: ${link.id}`);
  return { id: link.id, name: policy?.name ?? link.name };
}

const rolesIndex = 'acl-roles';
