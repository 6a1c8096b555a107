// Starting, joining, tags, leaving.

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { createSerf } from '@reeve/serf';
import { addressOf, aliveIn, eventually, newSince, start, startCluster } from './support/nodes.ts';

test('a node that is told nothing but its address has the name of its machine', async (t) => {
  const node = await createSerf({ bind: '127.0.0.1:0' });
  t.after(() => node.close({ leave: false }));
  assert.equal(node.self.name, hostname());
  assert.equal(node.self.host, '127.0.0.1');
  assert.notEqual(node.self.port, 0);
  assert.equal(node.state, 'alive');
});

test('nodes that join one another know each other, tags included, as plain data', async (t) => {
  const web = await start(t, 'web', { tags: { role: 'web', zone: 'a' } });
  const db = await start(t, 'db', { tags: { role: 'db' } });
  assert.equal(await db.join([addressOf(web)]), 1);
  await eventually('both know both', () => [web, db].every((node) => aliveIn(node).length === 2));
  const seen = JSON.parse(JSON.stringify(db.members().find(({ name }) => name === 'web')));
  assert.deepEqual(seen.tags, { role: 'web', zone: 'a' });
  assert.deepEqual([seen.status, seen.port, seen.delegateCur], ['alive', web.self.port, 5]);
});

test('one of several addresses is enough for a join, none is not', async (t) => {
  const [a, b] = [await start(t, 'a'), await start(t, 'b')];
  const nobody = await start(t, 'nobody');
  const gone = addressOf(nobody);
  await nobody.close({ leave: false });
  assert.equal(await b.join([gone, addressOf(a)]), 1);
  await assert.rejects(b.join([gone]), /connection refused/);
});

test('the first of several that are all given the same list joins itself', async (t) => {
  const a = await start(t, 'a');
  assert.equal(await a.join([addressOf(a)]), 1);
  assert.deepEqual(aliveIn(a), ['a']);
});

test('a change of tags reaches the others, and what is too long or no text does not', async (t) => {
  const [a, b] = await startCluster(t, ['a', 'b']);
  const updates: unknown[] = [];
  b?.on('member-update', ({ members }) => updates.push(...members.map(({ name, tags }) => [name, tags])));
  await a?.setTags({ role: 'cache' });
  assert.deepEqual(a?.tags, { role: 'cache' });
  await eventually('b has heard', () => updates.length > 0);
  assert.deepEqual(updates, [['a', { role: 'cache' }]]);
  await assert.rejects(async () => a?.setTags({ role: 'x'.repeat(600) }), /exceeds limit of 512 bytes/);
  await assert.rejects(async () => a?.setTags({ count: 3 as unknown as string }), /"count" must be a text/);
  assert.deepEqual(a?.tags, { role: 'cache' });
});

test('closing says goodbye: the others see a leave', async (t) => {
  const [a, b] = await startCluster(t, ['a', 'b']);
  const left: string[] = [];
  a?.on('member-leave', ({ kind, members }) => left.push(`${kind} ${members.map(({ name }) => name)}`));
  await b?.close();
  await eventually('a has seen b leave', () => left.length > 0);
  assert.deepEqual(left, ['member-leave b']);
  assert.equal(b?.state, 'shutdown');
});

test('closing without a goodbye looks like a failure, which can be declared a leave', async (t) => {
  const [a, b] = await startCluster(t, ['a', 'b']);
  const heard: string[] = [];
  for (const kind of ['member-failed', 'member-leave'] as const) a?.on(kind, () => heard.push(kind));
  await b?.close({ leave: false });
  await eventually('a has seen b fail', () => heard.length === 1);
  await a?.forceLeave('b');
  await eventually('a has seen b leave', () => heard.length === 2);
  assert.deepEqual(heard, ['member-failed', 'member-leave']);
});

test('leaving and closing may be asked for again and again', async (t) => {
  const node = await start(t, 'a');
  await Promise.all([node.leave(), node.leave()]);
  assert.equal(node.state, 'left');
  await Promise.all([node.close(), node.close({ leave: false }), node.closed]);
  await node.leave();
  await node.close();
  await assert.rejects(node.join(['127.0.0.1:1']), /can't Join after Leave or Shutdown/);
  assert.throws(() => node.userEvent('deploy'), { name: 'SerfError', message: 'the node is closed' });
  assert.throws(() => node.query('load'), { name: 'SerfError', message: 'the node is closed' });
});

test('`await using` closes a node when its scope ends', async (t) => {
  const outside = await start(t, 'outside');
  const leaves: string[] = [];
  outside.on('member-leave', ({ members }) => leaves.push(...members.map(({ name }) => name)));
  {
    await using inside = await createSerf({ name: 'inside', bind: '127.0.0.1:0', profile: 'local' });
    await inside.join([addressOf(outside)]);
    await eventually('outside knows inside', () => aliveIn(outside).length === 2);
  }
  await eventually('inside has left', () => leaves.length === 1);
});

test('a node that cannot run says why and leaves nothing open', async (t) => {
  const taken = await start(t, 'taken');
  const before = process.getActiveResourcesInfo();
  const bind = addressOf(taken);
  await assert.rejects(createSerf({ bind }), /address already in use/);
  await assert.rejects(createSerf({ bind: '127.0.0.1:0', join: ['127.0.0.1:1'] }), /connection refused/);
  await assert.rejects(createSerf({ bind: '127.0.0.1:0', encryptKeys: ['AAAA'] }), /key size must be 16, 24/);
  await assert.rejects(createSerf({ bind: '127.0.0.1:99999' }), /value out of range/);
  await assert.rejects(createSerf({ name: '', bind: '127.0.0.1:0' }), /Node name is 0 bytes long/);
  await eventually('all is closed', () => newSince(before).length === 0);
});

test('a node remembers its cluster in a snapshot', async (t) => {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/reeve-serf-node-');
  t.after(() => rmSync(folder, { recursive: true }));
  const snapshotPath = `${folder}/snapshot`;
  const [a] = [await start(t, 'a')];
  const first = await start(t, 'b', { snapshotPath, join: [addressOf(a)] });
  await eventually('b knows a', () => aliveIn(first).length === 2);
  await first.close({ leave: false });
  const again = await start(t, 'b', { snapshotPath });
  await eventually('b knows a again', () => aliveIn(again).length === 2);
});

test('members know how far apart they are', async (t) => {
  const [a, b] = await startCluster(t, ['a', 'b']);
  await eventually('both are somewhere', () => a?.rttMs('b') !== undefined && b?.rttMs('a') !== undefined);
  assert.ok((a?.rttMs('b') ?? 0) < 1_000);
  assert.equal(a?.rttMs('nobody'), undefined);
  assert.equal(a?.stats().members, '2');
});
