// Questions that wait. testdata/golden/consul/http/blocking-wakeups.txt has what wakes whom.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kvs, noQueryOptions } from '../../dist/rpc/methods/index.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';
import { settle } from '../kit/settle.js';

const seconds = 1e9;

test('T0-13: a question waits until its key changes, and is answered with the new index', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 11 });
  await put(server, 'other', 'x');
  await server.run(100);
  assert.equal(asked.answer(), undefined);
  await put(server, 'a', '2');
  await server.run(1);
  assert.equal(asked.answer()?.index, 13);
});

test('T0-13: nothing changes: it ends after its time and up to a sixteenth more, as it was', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 11, maxQueryTimeNs: 16 * seconds });
  await server.run(15_900);
  assert.equal(asked.answer(), undefined);
  await server.run(1_200);
  assert.equal(asked.answer()?.index, 11);
});

test('T0-13: an index of the future waits all the time, and is answered with the smaller one', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 1_000, maxQueryTimeNs: 10 * seconds });
  await put(server, 'a', '2');
  await server.run(5_000);
  assert.equal(asked.answer(), undefined);
  await server.run(6_000);
  assert.equal(asked.answer()?.index, 12);
});

test('T0-13: without a time it is 300 s, and at most 600 s', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const usual = ask(server, { key: 'a', minQueryIndex: 11 });
  const long = ask(server, { key: 'a', minQueryIndex: 11, maxQueryTimeNs: 3_600 * seconds });
  await server.run(299_000);
  assert.equal(usual.answer(), undefined);
  await server.run(21_000);
  assert.deepEqual([usual.answer()?.index, long.answer()], [11, undefined]);
  await server.run(320_000);
  assert.equal(long.answer()?.index, 11);
});

test('T0-13: an index is at least 1, or nobody would wait for it', async () => {
  const server = startLoneServer();
  const asked = ask(server, { key: 'a' });
  await server.run(1);
  assert.equal(asked.answer()?.index, 1);
});

test('writing the same again wakes nobody', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 11 });
  await put(server, 'a', '1');
  await server.run(1_000);
  assert.equal(asked.answer(), undefined);
});

test('another state altogether ends the waiting at once', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 11 });
  await server.run(1);
  server.store.replace(server.store.snapshot());
  await server.run(1);
  assert.equal(asked.answer()?.index, 11);
});

test('who gives up leaves nothing behind', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const caller = new AbortController();
  ask(server, { key: 'a', minQueryIndex: 11 }, caller.signal);
  await server.run(1);
  assert.equal(server.store.watchers.partsWaitedFor, 1);
  caller.abort();
  await server.run(1);
  assert.equal(server.store.watchers.partsWaitedFor, 0);
});

test('T0-14: a consistent answer needs a quorum that says who leads', async () => {
  const server = startLoneServer();
  server.consensus.verifyError = new Error('leadership lost');
  const asked = ask(server, { key: 'a', requireConsistent: true });
  await server.run(1);
  assert.equal(asked.error(), 'leadership lost');
});

test('T0-14: who waits consistently is told news only by a server that still leads then', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  const asked = ask(server, { key: 'a', minQueryIndex: 11, requireConsistent: true });
  await server.run(1);
  server.consensus.verifyError = new Error('leadership lost');
  await put(server, 'a', '2');
  await server.run(1);
  assert.equal(asked.error(), 'leadership lost');
});

test('an index is what it is, whether a leader is known or not', async () => {
  const server = startLoneServer();
  await put(server, 'a', '1');
  server.consensus.isLeader = false;
  server.consensus.leaderAddress = '';
  const asked = ask(server, { key: 'a', allowStale: true });
  await server.run(1);
  assert.equal(asked.answer()?.index, 11);
});

test('T0-14: a consistent answer waits until the leader has caught up, 7 s at most', async () => {
  const server = startLoneServer();
  server.context.leadership.isEstablished = false;
  const early = ask(server, { key: 'a', requireConsistent: true });
  await server.run(3_000);
  assert.equal(early.answer(), undefined);
  server.context.leadership.isEstablished = true;
  await server.run(1_000);
  assert.equal(early.answer()?.index, 1);
  server.context.leadership.isEstablished = false;
  const late = ask(server, { key: 'a', requireConsistent: true });
  await server.run(8_000);
  assert.equal(late.error(), 'Not ready to serve consistent reads');
});

async function put(server: LoneServer, key: string, value: string): Promise<boolean> {
  const entry = {
    key,
    value: Buffer.from(value),
    flags: 0n,
    lockIndex: 0,
    session: '',
    createIndex: 0,
    modifyIndex: 0,
  };
  return server.caller.call(kvs.apply, { datacenter: 'dc1', token: '', operation: 'set', entry });
}

function ask(server: LoneServer, query: Partial<Parameters<typeof asking>[1]>, signal?: AbortSignal) {
  return asking(server, { ...noQueryOptions, key: '', ...query }, signal);
}

function asking(server: LoneServer, query: typeof noQueryOptions & { key: string }, signal?: AbortSignal) {
  return settle(server.caller.call(kvs.get, query, signal));
}
