// ACLs as leaders of the original write them, and what they refuse, in the words that their clients see. What
// the real program makes of a whole log is in ../snapshot/state.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AclToken } from '../../dist/core/records/index.js';
import {
  aclAuthMethodCodec,
  aclBindingRuleCodec,
  aclPolicyCodec,
  aclRoleCodec,
  aclTokenCodec,
  legacyAclCodec,
} from '../../dist/core/wire/acl.js';
import { StateRig, uuid } from '../kit/state-rig.js';

class Acls extends StateRig {
  policy(id: string, name: string, parts = {}) {
    return this.apply({
      type: 'aclPolicies',
      request: { policies: [{ ...aclPolicyCodec.zero(), id, name, ...parts }] },
    });
  }

  role(id: string, name: string, parts = {}, allowMissingLinks = false) {
    const roles = [{ ...aclRoleCodec.zero(), id, name, ...parts }];
    return this.apply({ type: 'aclRoles', request: { roles, allowMissingLinks } });
  }

  token(parts: Partial<AclToken>, setting = {}) {
    const tokens = [{ ...aclTokenCodec.zero(), accessorId: uuid(1), secretId: 'secret', ...parts }];
    const plain = {
      cas: false,
      allowMissingLinks: false,
      prohibitUnprivileged: false,
      fromReplication: false,
    };
    return this.apply({ type: 'aclTokens', request: { tokens, ...plain, ...setting } });
  }

  bootstrap(secretId: string, resetIndex = 0) {
    const token = { ...aclTokenCodec.zero(), accessorId: uuid(secretId.length), secretId };
    return this.apply({ type: 'aclBootstrap', request: { token, resetIndex } });
  }

  legacy(operation: string, parts = {}) {
    const acl = { ...legacyAclCodec.zero(), id: 'old', type: 'client', ...parts };
    return this.apply({ type: 'legacyAcl', request: { datacenter: '', token: '', operation, acl } });
  }

  method(name: string, parts = {}) {
    const methods = [{ ...aclAuthMethodCodec.zero(), name, type: 'jwt', ...parts }];
    return this.apply({ type: 'aclAuthMethods', request: { methods } });
  }

  rule(id: string, authMethod: string) {
    const rules = [{ ...aclBindingRuleCodec.zero(), id, authMethod }];
    return this.apply({ type: 'aclBindingRules', request: { rules } });
  }

  get secrets(): string[] {
    return [...this.tables.aclTokens.values()].map(({ secretId }) => secretId);
  }

  indexOf(name: string): number | undefined {
    return [...this.tables.indexes.values()].find((entry) => entry.name === name)?.value;
  }
}

test('ACLs are bootstrapped once, and again only by who knows the index of the last time', () => {
  const rig = new Acls();
  rig.bootstrap('a');
  const at = rig.index;
  assert.equal(rig.indexOf('acl-token-bootstrap'), at);
  assert.throws(() => rig.bootstrap('bb'), /ACL bootstrap no longer allowed/);
  assert.throws(() => rig.bootstrap('bb', at + 1), /Invalid ACL bootstrap reset index/);
  rig.bootstrap('bb', at);
  assert.deepEqual(rig.secrets, ['a', 'bb']);
});

test('a token names its policies and roles as they are called, and all of a batch is set or nothing', () => {
  const rig = new Acls();
  rig.policy(uuid(7), 'reader');
  rig.role(uuid(8), 'ops', { policies: [{ id: uuid(7), name: '' }] });
  rig.token({ policies: [{ id: uuid(7), name: 'old' }], roles: [{ id: uuid(8), name: '' }] });
  const [token] = rig.tables.aclTokens.values();
  assert.deepEqual(token?.policies, [{ id: uuid(7), name: 'reader' }]);
  assert.deepEqual(token?.roles, [{ id: uuid(8), name: 'ops' }]);
  assert.deepEqual([...rig.tables.aclRoles.values()][0]?.policies, [{ id: uuid(7), name: 'reader' }]);
  const missing = [{ id: uuid(9), name: 'x' }];
  assert.throws(() => rig.token({ policies: missing }), { message: `No such policy with ID: ${uuid(9)}` });
  assert.throws(() => rig.token({ roles: missing }), { message: `No such role with ID: ${uuid(9)}` });
  assert.throws(() => rig.role(uuid(3), 'r', { policies: missing }), /No such policy with ID/);
  rig.token({ secretId: 'other', accessorId: uuid(2), policies: missing }, { allowMissingLinks: true });
  assert.deepEqual(rig.secrets, ['other', 'secret']);
});

test('what no token, policy, role, rule or method may be is refused', () => {
  const rig = new Acls();
  const refused = (message: string, step: () => unknown) => assert.throws(step, { message });
  refused('Missing ACL Token SecretID', () => rig.token({ secretId: '' }));
  refused('Missing ACL Token AccessorID', () => rig.token({ accessorId: '' }));
  refused('Cannot replicate local tokens', () => rig.token({ local: true }, { fromReplication: true }));
  refused('Token has no privileges', () => rig.token({}, { prohibitUnprivileged: true }));
  refused('No such auth method with Name: m', () => rig.token({ authMethod: 'm' }));
  refused('Encountered a Token with policies linked by Name in the state store', () =>
    rig.token({ policies: [{ id: '', name: 'x' }] }),
  );
  refused('Encountered a Token with an empty service identity name in the state store', () =>
    rig.token({ serviceIdentities: [{ serviceName: '', datacenters: null }] }),
  );
  refused('Encountered a Role with an empty node identity datacenter in the state store', () =>
    rig.role(uuid(1), 'r', { nodeIdentities: [{ nodeName: 'n', datacenter: '' }] }),
  );
  refused('Missing ACL Policy ID', () => rig.policy('', 'p'));
  refused('Missing ACL Policy Name', () => rig.policy(uuid(1), ''));
  rig.policy(uuid(1), 'p');
  refused('A policy with name "P" already exists', () => rig.policy(uuid(2), 'P'));
  refused('Missing ACL Role Name', () => rig.role(uuid(1), ''));
  refused('Missing ACL Binding Rule Auth Method', () => rig.rule(uuid(1), ''));
  refused('failed inserting acl binding rule: auth method not found', () => rig.rule(uuid(1), 'm'));
  refused('Missing ACL Auth Method Type', () => rig.method('m', { type: '' }));
  rig.token({});
  refused('The ACL Token AccessorID field is immutable', () => rig.token({ accessorId: uuid(5) }));
});

test('a token that is compared and set is left alone when it has changed meanwhile', () => {
  const rig = new Acls();
  rig.token({ description: 'first' }, { cas: true });
  const [{ modifyIndex }] = [...rig.tables.aclTokens.values()] as [AclToken];
  rig.token({ description: 'late', modifyIndex: modifyIndex + 1 }, { cas: true });
  rig.token({ description: 'new', modifyIndex: 0 }, { cas: true });
  assert.equal([...rig.tables.aclTokens.values()][0]?.description, 'first');
  rig.token({ description: 'second', modifyIndex }, { cas: true });
  const [token] = rig.tables.aclTokens.values();
  assert.deepEqual([token?.description, token?.createIndex], ['second', modifyIndex]);
});

test('the policy that may do everything keeps its rules, and stays, as does the anonymous token', () => {
  const rig = new Acls();
  const id = '00000000-0000-0000-0000-000000000001';
  rig.policy(id, 'global-management', { rules: 'anything the first time' });
  const changed = () => rig.policy(id, 'global-management', { rules: '' });
  assert.throws(changed, /Changing the Rules for the builtin global-management policy is not permitted/);
  const ids = [id];
  const deleted = () => rig.apply({ type: 'aclPoliciesDeletion', request: { ids } });
  assert.throws(deleted, /Deletion of the builtin global-management policy is not permitted/);
  const anonymous = '00000000-0000-0000-0000-000000000002';
  rig.token({ accessorId: anonymous, secretId: 'anonymous' });
  const forgotten = () => rig.apply({ type: 'aclTokensDeletion', request: { ids: [anonymous] } });
  assert.throws(forgotten, /Deletion of the builtin anonymous token is not permitted/);
});

test('a method takes its rules along, and the tokens of its own reach', () => {
  const rig = new Acls();
  rig.method('here');
  rig.method('everywhere', { tokenLocality: 'global' });
  rig.rule(uuid(1), 'HERE');
  rig.rule(uuid(2), 'everywhere');
  rig.token({ secretId: 'local', accessorId: uuid(3), authMethod: 'here', local: true });
  rig.token({ secretId: 'replicated', accessorId: uuid(4), authMethod: 'here', local: false });
  rig.token({ secretId: 'global', accessorId: uuid(5), authMethod: 'everywhere' });
  rig.apply({ type: 'aclAuthMethodsDeletion', request: { ids: ['Here'] } });
  assert.deepEqual(rig.secrets, ['global', 'replicated']);
  assert.deepEqual(
    [...rig.tables.aclBindingRules.values()].map(({ id }) => id),
    [uuid(2)],
  );
  assert.equal(rig.indexOf('acl-binding-rules'), rig.index);
});

test('tokens of before 1.4 have no accessor, and may not change those of today', () => {
  const rig = new Acls();
  rig.legacy('set', { name: 'first', rules: 'key "" {}' });
  rig.legacy('force-set', { name: 'second' });
  const [token] = rig.tables.aclTokens.values();
  assert.deepEqual([token?.secretId, token?.accessorId, token?.description], ['old', '', 'second']);
  rig.token({});
  assert.throws(() => rig.legacy('set', { id: 'secret' }), /cannot use legacy endpoint to modify/);
  assert.throws(() => rig.legacy('frob'), { message: "Invalid ACL operation 'frob'" });
  rig.legacy('delete');
  rig.legacy('delete');
  assert.deepEqual(rig.secrets, ['secret']);
});
