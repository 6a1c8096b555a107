// Commands 4, 11, 17 to 20 and 23 to 28: ACLs. Each sets or deletes several records of a kind, or none.

import type { AclToken, LegacyAcl } from '../records/index.ts';
import {
  deleteAuthMethod,
  deleteBindingRule,
  setAuthMethod,
  setBindingRule,
} from '../state/acl-auth-methods.ts';
import { deletePolicy, setPolicy } from '../state/acl-policies.ts';
import { deleteRole, setRole } from '../state/acl-roles.ts';
import {
  bootstrapAcl,
  deleteToken,
  deleteTokenBySecret,
  plainSetting,
  setToken,
} from '../state/acl-tokens.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import { aclTokenCodec } from '../wire/acl.ts';
import type { Command } from '../wire/command.ts';
import { encodeTime, neverTime } from '../wire/go-time.ts';

/** The commands about ACLs. */
export type AclCommand = Extract<Command, { readonly type: `acl${string}` | 'legacyAcl' }>;

/** Applies one. */
export function applyAcl(transaction: Transaction, command: AclCommand): void {
  switch (command.type) {
    case 'legacyAcl':
      return applyLegacy(transaction, command.request.operation, command.request.acl);
    case 'aclBootstrap':
      return bootstrapAcl(transaction, command.request.token, command.request.resetIndex, false);
    case 'aclTokens': {
      const { tokens, ...setting } = command.request;
      return forEach(tokens, (token) => setToken(transaction, token, { ...setting, isLegacy: false }));
    }
    case 'aclTokensDeletion':
      return forEach(command.request.ids, (id) => deleteToken(transaction, id));
    case 'aclPolicies':
      return forEach(command.request.policies, (policy) => setPolicy(transaction, policy));
    case 'aclPoliciesDeletion':
      return forEach(command.request.ids, (id) => deletePolicy(transaction, id));
    case 'aclRoles': {
      const { roles, allowMissingLinks } = command.request;
      return forEach(roles, (role) => setRole(transaction, role, allowMissingLinks));
    }
    case 'aclRolesDeletion':
      return forEach(command.request.ids, (id) => deleteRole(transaction, id));
    case 'aclBindingRules':
      return forEach(command.request.rules, (rule) => setBindingRule(transaction, rule));
    case 'aclBindingRulesDeletion':
      return forEach(command.request.ids, (id) => deleteBindingRule(transaction, id));
    case 'aclAuthMethods':
      return forEach(command.request.methods, (method) => setAuthMethod(transaction, method));
    case 'aclAuthMethodsDeletion':
      return forEach(command.request.ids, (name) => deleteAuthMethod(transaction, name));
  }
}

/** A token of before 1.4 as one of today. Upstream reads its rules, and corrects old syntax in them. */
export function tokenOfLegacy({ id, name, createIndex, modifyIndex, ...rest }: LegacyAcl): AclToken {
  const createTime = encodeTime(neverTime);
  return {
    ...aclTokenCodec.zero(),
    ...rest,
    secretId: id,
    description: name,
    createTime,
    createIndex,
    modifyIndex,
  };
}

function applyLegacy(transaction: Transaction, operation: string, acl: LegacyAcl): void {
  switch (operation) {
    case 'bootstrap-init':
      return; // upstream looks whether there was one
    case 'bootstrap-now':
      return bootstrapAcl(transaction, tokenOfLegacy(acl), 0, true);
    case 'set':
    case 'force-set':
      return setToken(transaction, tokenOfLegacy(acl), { ...plainSetting, isLegacy: true });
    case 'delete':
      return deleteTokenBySecret(transaction, acl.id);
    default:
      throw new StateError(`Invalid ACL operation '${operation}'`);
  }
}

function forEach<Value>(values: readonly Value[], apply: (value: Value) => void): void {
  for (const value of values) apply(value);
}
