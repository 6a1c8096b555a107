// Methods by which tokens are given out, and the binding rules that say which ones. Upstream:
// agent/consul/state/acl.go (aclBindingRuleSetTxn, aclAuthMethodSetTxn, aclAuthMethodDeleteTxn).

import type { AclAuthMethod, AclBindingRule } from '../records/index.ts';
import { deleteTokensOfMethod } from './acl-tokens.ts';
import { nameKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Adds a binding rule or replaces the one with its id. */
export function setBindingRule(transaction: Transaction, requested: AclBindingRule): void {
  const { tables, index } = transaction;
  if (requested.id === '') throw new StateError('Missing ACL Binding Rule ID');
  if (requested.authMethod === '') throw new StateError('Missing ACL Binding Rule Auth Method');
  const key = within(
    (what) => `failed acl binding rule lookup: ${what}`,
    () => uuidKey(requested.id),
  );
  if (tables.aclAuthMethods.get(nameKey(requested.authMethod)) === undefined)
    throw new StateError('failed inserting acl binding rule: auth method not found');
  const createIndex = tables.aclBindingRules.get(key)?.createIndex ?? index;
  transaction.put('aclBindingRules', { ...requested, createIndex, modifyIndex: index });
  transaction.touch(rulesIndex);
}

/** Deletes the binding rule with an id, if there is one. */
export function deleteBindingRule(transaction: Transaction, id: string): void {
  const rule = transaction.tables.aclBindingRules.get(uuidKey(id));
  if (rule !== undefined) forgetRule(transaction, rule);
}

/** Adds a method or replaces the one with its name. */
export function setAuthMethod(transaction: Transaction, requested: AclAuthMethod): void {
  if (requested.name === '') throw new StateError('Missing ACL Auth Method Name');
  if (requested.type === '') throw new StateError('Missing ACL Auth Method Type');
  const { tables, index } = transaction;
  const createIndex = tables.aclAuthMethods.get(nameKey(requested.name))?.createIndex ?? index;
  transaction.put('aclAuthMethods', { ...requested, createIndex, modifyIndex: index });
  transaction.touch(methodsIndex);
}

/** Deletes the method with a name, if there is one, with its binding rules and the tokens it gave out. */
export function deleteAuthMethod(transaction: Transaction, name: string): void {
  const { aclAuthMethods, aclBindingRules } = transaction.tables;
  const key = nameKey(name);
  const method = aclAuthMethods.get(key);
  if (method === undefined) return;
  for (const rule of aclBindingRules.matching('authMethod', key)) forgetRule(transaction, rule);
  deleteTokensOfMethod(transaction, method.name, method.tokenLocality === 'global');
  transaction.remove('aclAuthMethods', key);
  transaction.touch(methodsIndex);
}

function forgetRule(transaction: Transaction, rule: AclBindingRule): void {
  transaction.remove('aclBindingRules', uuidKey(rule.id));
  transaction.touch(rulesIndex);
}

const rulesIndex = 'acl-binding-rules';
const methodsIndex = 'acl-auth-methods';
