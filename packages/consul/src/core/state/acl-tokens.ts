// Tokens. Upstream: agent/consul/state/acl.go (ACLBootstrap, aclTokenSetTxn, aclTokenDeleteTxn), in the words
// that its clients see; which rules there are is in acl-policies.ts and acl-roles.ts.

import type { AclLink, AclToken, AclTokensRequest } from '../records/index.ts';
import { requireIdentities } from './acl-identities.ts';
import { findPolicy } from './acl-policies.ts';
import { findRole } from './acl-roles.ts';
import { byteKey, nameKey, uuidKey } from './keys.ts';
import { StateError, within } from './state-error.ts';
import { maxIndex } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** How a token is set. */
export type TokenSetting = Omit<AclTokensRequest, 'tokens'> & {
  /** As before 1.4: without an accessor. */
  readonly isLegacy: boolean;
};

/** The setting of what nobody has asked anything special for. */
export const plainSetting: TokenSetting = {
  cas: false,
  allowMissingLinks: false,
  prohibitUnprivileged: false,
  fromReplication: false,
  isLegacy: false,
};

/** Sets the first token of all; with `resetIndex` another one, once the first one's index was looked up. */
export function bootstrapAcl(
  transaction: Transaction,
  token: AclToken,
  resetIndex: number,
  isLegacy: boolean,
): void {
  const bootstrappedAt = maxIndex(transaction.tables, bootstrapIndex);
  if (bootstrappedAt > 0) {
    if (resetIndex === 0) throw new StateError('ACL bootstrap no longer allowed');
    if (resetIndex !== bootstrappedAt) throw new StateError('Invalid ACL bootstrap reset index');
  }
  within(
    (what) => `failed inserting bootstrap token: ${what}`,
    () => setToken(transaction, token, { ...plainSetting, isLegacy }),
  );
  transaction.touch(bootstrapIndex);
}

/** Adds a token or replaces the one with its secret. */
export function setToken(transaction: Transaction, requested: AclToken, setting: TokenSetting): void {
  const { tables, index } = transaction;
  if (requested.secretId === '') throw new StateError('Missing ACL Token SecretID');
  if (!setting.isLegacy && requested.accessorId === '') throw new StateError('Missing ACL Token AccessorID');
  if (setting.fromReplication && requested.local) throw new StateError('Cannot replicate local tokens');
  const original = tables.aclTokens.get(byteKey(requested.secretId));
  if (setting.cas && requested.modifyIndex !== (original?.modifyIndex ?? 0)) return;
  const token = setting.isLegacy ? asLegacy(requested, original) : requested;
  const policies = resolved(token.policies, setting, 'policies', (id) => findPolicy(transaction, id));
  const roles = resolved(token.roles, setting, 'roles', (id) => findRole(transaction, id));
  requireMethod(transaction, token, setting);
  requireIdentities('Token', token);
  if (setting.prohibitUnprivileged && !hasPrivileges(token, policies.found + roles.found))
    throw new StateError('Token has no privileges');
  if (original !== undefined && original.accessorId !== '' && token.accessorId !== original.accessorId)
    throw new StateError('The ACL Token AccessorID field is immutable');
  const createIndex = original?.createIndex ?? index;
  const links = { policies: policies.links, roles: roles.links };
  within(
    (what) => `failed inserting acl token: ${what}`,
    () => transaction.put('aclTokens', { ...token, ...links, createIndex, modifyIndex: index }),
  );
  transaction.touch(tokensIndex);
}

/** Deletes the token with an accessor, if there is one. */
export function deleteToken(transaction: Transaction, accessorId: string): void {
  const key = within(
    (what) => `failed acl token lookup: ${what}`,
    () => uuidKey(accessorId),
  );
  for (const token of transaction.tables.aclTokens.matching('accessor', key)) removeToken(transaction, token);
}

/** Deletes the token with a secret, if there is one, as before 1.4. */
export function deleteTokenBySecret(transaction: Transaction, secretId: string): void {
  const token = transaction.tables.aclTokens.get(byteKey(secretId));
  if (token !== undefined) removeToken(transaction, token);
}

/** Deletes the tokens that came from a method; those of other datacenters only if its tokens are. */
export function deleteTokensOfMethod(transaction: Transaction, method: string, isGlobal: boolean): void {
  for (const token of transaction.tables.aclTokens.matching('authMethod', byteKey(method))) {
    if (token.local !== isGlobal) forgetToken(transaction, token);
  }
}

function removeToken(transaction: Transaction, token: AclToken): void {
  if (token.accessorId === anonymousAccessor)
    throw new StateError('Deletion of the builtin anonymous token is not permitted');
  forgetToken(transaction, token);
}

function forgetToken(transaction: Transaction, token: AclToken): void {
  transaction.remove('aclTokens', byteKey(token.secretId));
  transaction.touch(tokensIndex);
}

/** A token of before 1.4 may not change one that has what those had not, and takes over its accessor. */
function asLegacy(token: AclToken, original: AclToken | undefined): AclToken {
  if (original === undefined) return token;
  if (original.type === '' || hasPrivileges(original, original.policies?.length ?? 0) || isLater(original))
    throw new StateError(
      'failed inserting acl token: cannot use legacy endpoint to modify a non-legacy token',
    );
  return { ...token, accessorId: original.accessorId };
}

function isLater({ roles, expirationTime, expirationTtlNs, authMethod }: AclToken): boolean {
  const isNever = expirationTime === null || expirationTime.subarray(1, 13).every((byte) => byte === 0);
  return (roles?.length ?? 0) > 0 || !isNever || expirationTtlNs !== 0 || authMethod !== '';
}

/** Links with the present names, and how many lead somewhere. */
function resolved(
  links: readonly AclLink[] | null,
  { allowMissingLinks }: TokenSetting,
  what: 'policies' | 'roles',
  find: (id: string) => { readonly name: string } | undefined,
): { readonly links: readonly AclLink[] | null; readonly found: number } {
  let found = 0;
  const named = links?.map((link) => {
    if (link.id === '')
      throw new StateError(`Encountered a Token with ${what} linked by Name in the state store`);
    const target = find(link.id);
    if (target === undefined && !allowMissingLinks)
      throw new StateError(`No such ${what === 'policies' ? 'policy' : 'role'} with ID: ${link.id}`);
    if (target === undefined) return link;
    found++;
    return { id: link.id, name: target.name };
  });
  return { links: named ?? null, found };
}

function requireMethod({ tables }: Transaction, { authMethod }: AclToken, setting: TokenSetting): void {
  if (authMethod === '' || setting.fromReplication) return;
  if (tables.aclAuthMethods.get(nameKey(authMethod)) === undefined)
    throw new StateError(`No such auth method with Name: ${authMethod}`);
}

function hasPrivileges({ serviceIdentities, nodeIdentities }: AclToken, links: number): boolean {
  return links + (serviceIdentities?.length ?? 0) + (nodeIdentities?.length ?? 0) > 0;
}

const tokensIndex = 'acl-tokens';
const bootstrapIndex = 'acl-token-bootstrap';
const anonymousAccessor = '00000000-0000-0000-0000-000000000002';
