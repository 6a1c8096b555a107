// What leaders of the original write about prepared queries and ACLs: bodies of raft's entries. Several
// records of a kind go together, since other datacenters copy them so. Upstream: agent/structs/acl.go,
// acl_legacy.go.

import type { AclAuthMethod, AclBindingRule, AclPolicy, AclRole, AclToken, LegacyAcl } from './acl.ts';
import type { PreparedQuery } from './prepared-query.ts';
import type { WriteRequest } from './write-requests.ts';

/** A query to `create`, `update` or `delete`; of the last only the id counts. */
export interface PreparedQueryRequest extends WriteRequest {
  readonly operation: string;
  readonly query: PreparedQuery | null;
}

/** `set`, `force-set`, `delete`, `bootstrap-init` or `bootstrap-now`, of before 1.4. */
export interface LegacyAclRequest extends WriteRequest {
  readonly operation: string;
  readonly acl: LegacyAcl;
}

/** The first token of all, or another first one if the index of the last time is known. */
export interface AclBootstrapRequest {
  readonly token: AclToken;
  readonly resetIndex: number;
}

/** Tokens to be set, all or none. */
export interface AclTokensRequest {
  readonly tokens: readonly AclToken[];
  /** Those are left out whose `modifyIndex` is not that of the token there is. */
  readonly cas: boolean;
  readonly allowMissingLinks: boolean;
  readonly prohibitUnprivileged: boolean;
  readonly fromReplication: boolean;
}

/** Policies to be set. */
export interface AclPoliciesRequest {
  readonly policies: readonly AclPolicy[];
}

/** Roles to be set. */
export interface AclRolesRequest {
  readonly roles: readonly AclRole[];
  readonly allowMissingLinks: boolean;
}

/** Binding rules to be set. */
export interface AclBindingRulesRequest {
  readonly rules: readonly AclBindingRule[];
}

/** Methods to be set. */
export interface AclAuthMethodsRequest {
  readonly methods: readonly AclAuthMethod[];
}

/** What is to be deleted: accessors of tokens, names of methods, ids of the rest. */
export interface AclDeletionRequest {
  readonly ids: readonly string[];
}
