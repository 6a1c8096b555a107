// The requests that change ACLs, as msgpack. Upstream: agent/structs/acl.go, acl_legacy.go.

import { boolean, field, list, type StructCodec, struct, text, uint64 } from '@reeve/bytes';
import type {
  AclAuthMethodsRequest,
  AclBindingRulesRequest,
  AclBootstrapRequest,
  AclDeletionRequest,
  AclPoliciesRequest,
  AclRolesRequest,
  AclTokensRequest,
  LegacyAclRequest,
} from '../records/index.ts';
import {
  aclAuthMethodCodec,
  aclBindingRuleCodec,
  aclPolicyCodec,
  aclRoleCodec,
  aclTokenCodec,
  legacyAclCodec,
} from './acl.ts';
import { batchElementsMax } from './limits.ts';
import { writeRequestFields } from './write-requests.ts';

/** Tokens of before 1.4. */
export const legacyAclRequestCodec: StructCodec<LegacyAclRequest> = struct<LegacyAclRequest>({
  datacenter: writeRequestFields.datacenter,
  operation: field('Op', text),
  acl: field('ACL', legacyAclCodec),
  token: writeRequestFields.token,
});

/** The first token. */
export const aclBootstrapRequestCodec: StructCodec<AclBootstrapRequest> = struct<AclBootstrapRequest>({
  token: field('Token', aclTokenCodec),
  resetIndex: field('ResetIndex', uint64),
});

/** Tokens. */
export const aclTokensRequestCodec: StructCodec<AclTokensRequest> = struct<AclTokensRequest>({
  tokens: field('Tokens', list(aclTokenCodec, batchElementsMax)),
  cas: field('CAS', boolean),
  allowMissingLinks: field('AllowMissingLinks', boolean),
  prohibitUnprivileged: field('ProhibitUnprivileged', boolean),
  fromReplication: field('FromReplication', boolean),
});

/** Policies. */
export const aclPoliciesRequestCodec: StructCodec<AclPoliciesRequest> = struct<AclPoliciesRequest>({
  policies: field('Policies', list(aclPolicyCodec, batchElementsMax)),
});

/** Roles. */
export const aclRolesRequestCodec: StructCodec<AclRolesRequest> = struct<AclRolesRequest>({
  roles: field('Roles', list(aclRoleCodec, batchElementsMax)),
  allowMissingLinks: field('AllowMissingLinks', boolean),
});

/** Binding rules. */
export const aclBindingRulesRequestCodec: StructCodec<AclBindingRulesRequest> =
  struct<AclBindingRulesRequest>({
    rules: field('BindingRules', list(aclBindingRuleCodec, batchElementsMax)),
  });

/** Methods. */
export const aclAuthMethodsRequestCodec: StructCodec<AclAuthMethodsRequest> = struct<AclAuthMethodsRequest>({
  methods: field('AuthMethods', list(aclAuthMethodCodec, batchElementsMax)),
});

/** What is to be deleted; each kind has another name for the same list. */
export function aclDeletionRequestCodec(wireName: string): StructCodec<AclDeletionRequest> {
  return struct<AclDeletionRequest>({ ids: field(wireName, list(text, batchElementsMax)) });
}
