// Tokens, policies, roles, binding rules and methods as msgpack. Upstream: agent/structs/acl.go.

import {
  boolean,
  bytes,
  field,
  int64,
  nearestInt64,
  nilableBytes,
  nilableList,
  type StructCodec,
  struct,
  text,
} from '@reeve/bytes';
import type {
  AclAuthMethod,
  AclBindingRule,
  AclLink,
  AclNodeIdentity,
  AclPolicy,
  AclRole,
  AclServiceIdentity,
  AclToken,
  LegacyAcl,
} from '../records/index.ts';
import { recordElementsMax } from './limits.ts';
import { rawValue } from './raw-value.ts';
import { raftIndexFields } from './records.ts';

const texts = nilableList(text, recordElementsMax);

const links = nilableList(
  struct<AclLink>({ id: field('ID', text), name: field('Name', text) }),
  recordElementsMax,
);

const serviceIdentities = nilableList(
  struct<AclServiceIdentity>({
    serviceName: field('ServiceName', text),
    datacenters: field('Datacenters', texts),
  }),
  recordElementsMax,
);

const nodeIdentities = nilableList(
  struct<AclNodeIdentity>({ nodeName: field('NodeName', text), datacenter: field('Datacenter', text) }),
  recordElementsMax,
);

/** A token. */
export const aclTokenCodec: StructCodec<AclToken> = struct<AclToken>({
  accessorId: field('AccessorID', text),
  secretId: field('SecretID', text),
  description: field('Description', text),
  policies: field('Policies', links),
  roles: field('Roles', links),
  serviceIdentities: field('ServiceIdentities', serviceIdentities),
  nodeIdentities: field('NodeIdentities', nodeIdentities),
  type: field('Type', text),
  rules: field('Rules', text),
  local: field('Local', boolean),
  authMethod: field('AuthMethod', text),
  expirationTime: field('ExpirationTime', nilableBytes),
  expirationTtlNs: field('ExpirationTTL', nearestInt64),
  createTime: field('CreateTime', bytes),
  hash: field('Hash', nilableBytes),
  ...raftIndexFields,
});

/** A policy. */
export const aclPolicyCodec: StructCodec<AclPolicy> = struct<AclPolicy>({
  id: field('ID', text),
  name: field('Name', text),
  description: field('Description', text),
  rules: field('Rules', text),
  syntax: field('Syntax', int64),
  datacenters: field('Datacenters', texts),
  hash: field('Hash', nilableBytes),
  ...raftIndexFields,
});

/** A role. */
export const aclRoleCodec: StructCodec<AclRole> = struct<AclRole>({
  id: field('ID', text),
  name: field('Name', text),
  description: field('Description', text),
  policies: field('Policies', links),
  serviceIdentities: field('ServiceIdentities', serviceIdentities),
  nodeIdentities: field('NodeIdentities', nodeIdentities),
  hash: field('Hash', nilableBytes),
  ...raftIndexFields,
});

/** A binding rule. */
export const aclBindingRuleCodec: StructCodec<AclBindingRule> = struct<AclBindingRule>({
  id: field('ID', text),
  description: field('Description', text),
  authMethod: field('AuthMethod', text),
  selector: field('Selector', text),
  bindType: field('BindType', text),
  bindName: field('BindName', text),
  ...raftIndexFields,
});

/** A method. */
export const aclAuthMethodCodec: StructCodec<AclAuthMethod> = struct<AclAuthMethod>({
  name: field('Name', text),
  type: field('Type', text),
  displayName: field('DisplayName', text),
  description: field('Description', text),
  maxTokenTtlNs: field('MaxTokenTTL', nearestInt64),
  tokenLocality: field('TokenLocality', text),
  config: field('Config', rawValue),
  ...raftIndexFields,
});

/** A token of before 1.4. */
export const legacyAclCodec: StructCodec<LegacyAcl> = struct<LegacyAcl>({
  id: field('ID', text),
  name: field('Name', text),
  type: field('Type', text),
  rules: field('Rules', text),
  ...raftIndexFields,
});
