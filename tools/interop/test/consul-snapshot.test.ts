// T2-4: a snapshot of the real Consul becomes our state, and what we write of it becomes its state again.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import { type ArchiveMetadata, readArchive, writeArchive } from '@reeve/consul';
import {
  applyCommand,
  encodeCommand,
  readKey,
  StateReader,
  StateStore,
  writeState,
} from '@reeve/consul/core';
import { ConsulAgent, consulMissing, eventually, scratchFolder } from '@reeve/interop';

/** What a client sees of a state; the agent's own node is another one on each server. */
const questions = [
  '/v1/kv/?recurse',
  '/v1/catalog/node/ext1',
  '/v1/health/node/ext1',
  '/v1/health/service/db',
  '/v1/session/node/ext1',
  '/v1/coordinate/node/ext1',
  '/v1/query',
  '/v1/config/service-defaults/web',
  '/v1/connect/intentions',
  '/v1/connect/ca/roots',
  '/v1/operator/autopilot/configuration',
];

const catalog = {
  Node: 'ext1',
  Address: '10.0.0.9',
  ID: '40e4a748-2192-161a-0510-9bf59fe950b5',
  NodeMeta: { env: 'prod' },
  Service: { Service: 'db', Tags: ['primary'], Port: 5432, Weights: { Passing: 5, Warning: 1 } },
  Checks: [
    { Name: 'mem', Status: 'passing', Definition: { Interval: '10s', HTTP: 'http://x' } },
    { Name: 'db', ServiceID: 'db', Status: 'warning' },
  ],
};

describe('T2-4: snapshots of the real Consul', { skip: consulMissing() }, () => {
  test('save by the real one, restore by ours, save by ours, restore by the real one', async (t) => {
    const real = await populated(t);
    const saved = await read(await real.get('/v1/snapshot'));
    const store = new StateStore({ clock: { now: () => 0 } });
    store.replace(saved.tables);
    assert.equal(Buffer.from(readKey(store.tables, null, 'web/a').value?.value ?? []).toString(), 'one');

    const { index } = saved.metadata;
    applyCommand(store, index + 1, encodeCommand(setKey('written-by-ours')));
    const ours = await archiveOf(store, { ...saved.metadata, index: index + 1 });

    const other = await ConsulAgent.start(t, '-node=other');
    await inspected(t, other, ours, index + 1);
    await other.put('/v1/snapshot', ours);
    assert.equal(Buffer.from(await other.get('/v1/kv/written-by-ours?raw')).toString(), 'ours');
    await real.put('/v1/kv/written-by-ours', 'ours');
    for (const path of questions) {
      const expected = withoutIndexes(await real.getJson(path));
      await eventually(path, async () =>
        assert.deepEqual(withoutIndexes(await other.getJson(path)), expected),
      );
    }
    assert.deepEqual(await indexesOf(other, 'ext1'), await indexesOf(real, 'ext1'));
  });
});

/** A server that has something of everything. */
async function populated(t: TestContext): Promise<ConsulAgent> {
  const agent = await ConsulAgent.start(t, '-node=real');
  await agent.put('/v1/kv/web/a', 'one');
  await agent.put('/v1/kv/web/b?flags=18446744073709551615', '');
  await agent.put('/v1/kv/web/c', 'gone');
  await agent.request('DELETE', '/v1/kv/web/c');
  await agent.put('/v1/catalog/register', JSON.stringify(catalog));
  const created = await agent.put('/v1/session/create', '{"Node":"ext1","Checks":[],"LockDelay":"1s"}');
  await agent.put(`/v1/kv/lock?acquire=${(JSON.parse(created) as { ID: string }).ID}`, 'held');
  await agent.request('POST', '/v1/query', '{"Name":"q1","Service":{"Service":"db"}}');
  await agent.put('/v1/config', '{"Kind":"service-defaults","Name":"web","Protocol":"http"}');
  await agent.request(
    'POST',
    '/v1/connect/intentions',
    '{"SourceName":"a","DestinationName":"b","Action":"allow"}',
  );
  const coordinate = { Vec: [0.1, 0, 0, 0, 0, 0, 0, 0.2], Error: 1.5, Adjustment: 0, Height: 1e-5 };
  await agent.put('/v1/coordinate/update', JSON.stringify({ Node: 'ext1', Segment: '', Coord: coordinate }));
  await eventually('the coordinate is written', () => agent.get('/v1/coordinate/node/ext1'));
  return agent;
}

async function read(archive: Uint8Array) {
  const reader = new StateReader();
  const onState = (piece: Uint8Array) => reader.push(piece);
  const metadata = await readArchive(one(archive), { onState, stateBytesMax: 1e8 });
  return { metadata, tables: reader.finish() };
}

async function archiveOf(store: StateStore, metadata: ArchiveMetadata): Promise<Uint8Array> {
  const state = concatBytes([...writeState(store.snapshot())]);
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeArchive({ ...metadata, stateBytes: state.length }, [state]))
    chunks.push(chunk);
  return concatBytes(chunks);
}

async function inspected(
  t: TestContext,
  agent: ConsulAgent,
  archive: Uint8Array,
  index: number,
): Promise<void> {
  const file = join(scratchFolder(t), 'ours.snap');
  writeFileSync(file, archive);
  const { exit, stdout, stderr } = await agent.command('snapshot', 'inspect', file);
  assert.equal(exit, 0, stderr);
  assert.match(stdout, new RegExp(`^Index +${index}$`, 'm'));
}

function setKey(key: string) {
  const entry = { key, value: Buffer.from('ours'), flags: 0n, lockIndex: 0, session: '' };
  const indexes = { createIndex: 0, modifyIndex: 0 };
  const request = { datacenter: 'dc1', token: '', operation: 'set', entry: { ...entry, ...indexes } };
  return { type: 'keyValue', request } as const;
}

/** The key written on both, and what each server writes for itself, has other indexes on each. */
function withoutIndexes(answer: unknown): unknown {
  const text = JSON.stringify(answer, (name, value) => (/^(Create|Modify)Index$/.test(name) ? 0 : value));
  return JSON.parse(text);
}

async function indexesOf(agent: ConsulAgent, node: string): Promise<unknown> {
  const health = (await agent.getJson(`/v1/health/node/${node}`)) as { CreateIndex: number }[];
  return health.map(({ CreateIndex }) => CreateIndex);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
