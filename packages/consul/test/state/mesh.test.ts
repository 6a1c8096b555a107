// What the mesh keeps, as leaders of the original write it. What the real program makes of a whole log is in
// ../snapshot/state.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Codec, encodeWith, gossipDialect, int64, text, boolean as truth, uint64 } from '@reeve/bytes';
import type { MeshKind, RawFields } from '../../dist/core/records/index.js';
import { readField } from '../../dist/core/wire/mesh.js';
import { StateRig, uuid } from '../kit/state-rig.js';

/** A struct of these texts, truths and numbers. */
function fields(values: Readonly<Record<string, string | boolean | number>>): RawFields {
  const codecOf = (value: unknown) =>
    (typeof value === 'string' ? text : typeof value === 'boolean' ? truth : int64) as Codec<unknown>;
  const raw = Object.entries(values).map(
    ([name, value]) => [name, encodeWith(codecOf(value), gossipDialect, value)] as const,
  );
  return new Map(raw);
}

class Mesh extends StateRig {
  change(type: 'intention' | 'configEntry' | 'federationState', operation: string, record: RawFields) {
    return this.apply({ type, request: { datacenter: '', token: '', operation, record } });
  }

  authority(
    operation: string,
    parts: { index?: number; roots?: RawFields[]; config?: RawFields; keys?: RawFields },
  ) {
    const nothing = { datacenter: '', token: '', index: 0, roots: null, config: null, keys: null };
    return this.apply({ type: 'authority', request: { ...nothing, operation, ...parts } });
  }

  of(kind: MeshKind): RawFields[] {
    const records = [...this.tables.mesh.values()].filter((record) => record.kind === kind);
    return records.map((record) => record.fields);
  }

  indexOf(name: string): number | undefined {
    return [...this.tables.indexes.values()].find((entry) => entry.name === name)?.value;
  }
}

const pair = { SourceNS: 'default', DestinationNS: 'default', Action: 'allow' };

test('there is one intention from a service to another; exact ones count first', () => {
  const rig = new Mesh();
  const web = { ...pair, ID: uuid(1), SourceName: 'web', DestinationName: 'db' };
  rig.change('intention', 'create', fields({ ...web, CreatedAt: 'then' }));
  const again = () => rig.change('intention', 'create', fields({ ...web, ID: uuid(2) }));
  const known = `ALLOW default/web => default/db (ID: ${uuid(1)}, Precedence: 9)`;
  assert.throws(again, { message: `duplicate intention found: ${known}` });
  rig.change('intention', 'update', fields({ ...web, CreatedAt: 'now', SourceName: '*' }));
  const [intention = new Map()] = rig.of('intention');
  assert.equal(readField(intention, 'CreatedAt', text), 'then');
  assert.equal(readField(intention, 'Precedence', int64), 8);
  assert.ok(readField(intention, 'CreateIndex', uint64) < readField(intention, 'ModifyIndex', uint64));
  assert.equal(rig.indexOf('connect-intentions'), rig.index);
  again();
  rig.change('intention', 'delete', fields({ ID: uuid(1) }));
  assert.equal(rig.of('intention').length, 1);
  assert.throws(() => rig.change('intention', 'create', fields({})), { message: 'Missing Intention ID' });
});

test('a configuration entry is one of its kind and name, and can be compared and set', () => {
  const rig = new Mesh();
  const entry = { Kind: 'service-defaults', Name: 'web' };
  assert.equal(rig.change('configEntry', 'upsert-cas', fields({ ...entry, ModifyIndex: 0 })), true);
  const at = rig.index;
  assert.equal(rig.change('configEntry', 'upsert-cas', fields({ ...entry, ModifyIndex: 0 })), false);
  assert.equal(
    rig.change('configEntry', 'upsert-cas', fields({ ...entry, Name: 'WEB', ModifyIndex: at })),
    true,
  );
  assert.equal(rig.of('configEntry').length, 1);
  assert.equal(rig.indexOf('gateway-services'), undefined);
  rig.change('configEntry', 'upsert', fields({ Kind: 'ingress-gateway', Name: 'in', Listeners: 1 }));
  const moved = rig.index;
  rig.change('configEntry', 'upsert', fields({ Kind: 'ingress-gateway', Name: 'in', Listeners: 1 }));
  assert.equal(rig.indexOf('gateway-services'), moved);
  rig.change('configEntry', 'delete', fields({ Kind: 'ingress-gateway', Name: 'in' }));
  assert.equal(rig.indexOf('gateway-services'), rig.index);
});

test('a federation state of the primary datacenter gets the index under which it is known', () => {
  const rig = new Mesh();
  rig.change('federationState', 'upsert', fields({ Datacenter: 'dc1', PrimaryModifyIndex: 0 }));
  const [own = new Map()] = rig.of('federationState');
  assert.equal(readField(own, 'PrimaryModifyIndex', uint64), rig.index);
  rig.change('federationState', 'upsert', fields({ Datacenter: 'dc1', PrimaryModifyIndex: 77 }));
  const [replicated = new Map()] = rig.of('federationState');
  assert.equal(readField(replicated, 'PrimaryModifyIndex', uint64), 77);
  rig.change('federationState', 'delete', fields({ Datacenter: 'DC1' }));
  assert.equal(rig.of('federationState').length, 0);
});

test('roots are replaced together, if they are still those that were seen', () => {
  const rig = new Mesh();
  const root = (ID: string, Active: boolean) => fields({ ID, Active });
  assert.equal(rig.authority('set-roots', { roots: [root('a', true)] }), true);
  const at = rig.index;
  assert.equal(rig.authority('set-roots', { roots: [root('b', true)], index: at + 9 }), false);
  const both = () => rig.authority('set-roots', { roots: [root('a', true), root('b', true)], index: at });
  assert.throws(both, { message: 'there must be exactly one active CA' });
  assert.equal(rig.authority('set-roots', { roots: [root('a', false), root('b', true)], index: at }), true);
  assert.deepEqual(
    rig
      .of('authorityRoot')
      .map((each) => [readField(each, 'ID', text), readField(each, 'CreateIndex', uint64)]),
    [
      ['a', at],
      ['b', rig.index],
    ],
  );
  const config = fields({ ModifyIndex: 5 });
  assert.equal(
    rig.authority('set-roots-config', { roots: [root('c', true)], index: rig.index, config }),
    false,
  );
  assert.equal(rig.of('authorityRoot').length, 1, 'the roots stay although the configuration is not set');
});

test('the configuration of the authority keeps the name of the cluster', () => {
  const rig = new Mesh();
  rig.authority('set-config', { config: fields({ ClusterID: 'c', Provider: 'consul', ModifyIndex: 0 }) });
  const at = rig.index;
  const named = () => readField(rig.of('authorityConfig')[0] ?? new Map(), 'ClusterID', text);
  assert.equal(rig.authority('set-config', { config: fields({ ClusterID: '', ModifyIndex: at }) }), true);
  assert.equal(named(), 'c');
  assert.equal(rig.authority('set-config', { config: fields({ ClusterID: 'd', ModifyIndex: at }) }), false);
  assert.equal(named(), 'c');
});

test('serial numbers go on from where the keys last changed', () => {
  const rig = new Mesh();
  rig.authority('set-provider-state', { keys: fields({ ID: 'k' }) });
  const at = rig.index;
  for (let i = 0; i < 2; i++) rig.authority('increment-provider-serial', {});
  assert.equal(rig.indexOf('connect-ca-builtin-serial'), at + 2);
  rig.authority('delete-provider-state', { keys: fields({ ID: 'k' }) });
  assert.equal(rig.of('authorityKeys').length, 0);
  assert.throws(() => rig.authority('frob', {}), { message: "Invalid CA operation 'frob'" });
});
