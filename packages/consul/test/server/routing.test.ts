// Where a request is answered, and what becomes of it where nobody leads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeWith, gossipDialect, MsgpackReader } from '@reeve/bytes';
import { CallError } from '../../dist/rpc/connection.js';
import { type Caller, kvs, noQueryOptions } from '../../dist/rpc/methods/index.js';
import { ConnectionLost } from '../../dist/rpc/net-rpc/calling-stream.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';
import { settle } from '../kit/settle.js';

const question = { ...noQueryOptions, key: 'a' };
const entry = {
  key: 'a',
  value: Buffer.from('1'),
  flags: 0n,
  lockIndex: 0,
  session: '',
  createIndex: 0,
  modifyIndex: 0,
};
const change = { datacenter: 'dc1', token: '', operation: 'cas', entry };

test('T0-6: without a leader a write fails after 7 s with `No cluster leader`', async () => {
  const server = follower('');
  const written = settle(server.caller.call(kvs.apply, change));
  await server.run(6_900);
  assert.equal(written.error(), undefined);
  await server.run(600);
  assert.equal(written.error(), 'No cluster leader');
});

test('T0-6: without a leader a stale read is answered here, and says that nobody leads', async () => {
  const server = follower('');
  const answer = await server.caller.call(kvs.get, { ...question, allowStale: true });
  assert.deepEqual([answer.knownLeader, answer.lastContactNs], [false, 1_500e6]);
});

test('how long ago the leader was heard of fits on the wire, whatever the clock says', async () => {
  const server = startLoneServer();
  server.consensus.isLeader = false;
  server.consensus.lastContactMs = 2.4282962874131044;
  const answer = await server.caller.call(kvs.get, { ...noQueryOptions, key: 'a', allowStale: true });
  const bytes = encodeWith(kvs.get.reply, gossipDialect, answer);
  assert.equal(kvs.get.reply.decode(new MsgpackReader(bytes)).lastContactNs, 2_428_296);
});

test('a server that never heard of a leader answers no stale read', async () => {
  const server = follower('');
  server.consensus.lastContactMs = undefined;
  const asked = settle(server.caller.call(kvs.get, { ...question, allowStale: true }));
  await server.run(8_000);
  assert.equal(asked.error(), 'No cluster leader');
});

test('a request that waits goes on as soon as there is a leader', async () => {
  const server = follower('');
  const written = settle(server.caller.call(kvs.apply, change));
  await server.run(3_000);
  server.consensus.isLeader = true;
  await server.run(1_000);
  assert.equal(written.answer(), true);
});

test('T0-14: a follower asks the leader, and answers a stale read itself', async () => {
  const server = follower('10.0.0.2:8300');
  const asked: string[] = [];
  const stats = { lastContact: '0', lastTerm: 2, lastIndex: 11 };
  const call = async ({ name }: { readonly name: string }) => {
    asked.push(name);
    const worth = { index: 99, lastContactNs: 0, knownLeader: true, consistencyLevel: '' };
    return name === 'Status.RaftStats' ? stats : { entries: null, ...worth };
  };
  server.others.set('10.0.0.2:8300', { call: call as Caller['call'] });
  const forwarded = settle(server.caller.call(kvs.get, question));
  await server.run(10);
  assert.equal(forwarded.answer()?.index, 99);
  assert.equal((await server.caller.call(kvs.get, { ...question, allowStale: true })).index, 1);
  assert.deepEqual(asked, ['Status.RaftStats', 'KVS.Get'], 'it has more than this server');
});

test('a read whose connection is lost is asked again, a write only if it was never sent', async () => {
  for (const [method, request, wasSent, retries] of [
    [kvs.get, { ...question, minQueryIndex: 1 }, true, true],
    [kvs.apply, change, true, false],
    [kvs.apply, change, false, true],
  ] as const) {
    const server = follower('10.0.0.2:8300');
    let calls = 0;
    server.others.set(
      '10.0.0.2:8300',
      callerOf(async () => {
        if (calls++ === 0) throw new CallError('rpc error making call', new ConnectionLost(), wasSent);
        return true;
      }),
    );
    const asked = settle(server.caller.call(method as typeof kvs.apply, request as typeof change));
    await server.run(1_000);
    assert.equal(asked.answer(), retries ? true : undefined);
    assert.equal(asked.error(), retries ? undefined : 'rpc error making call: EOF');
  }
});

test('an unknown datacenter has no path', async () => {
  const { caller } = startLoneServer();
  await assert.rejects(async () => caller.call(kvs.get, { ...question, datacenter: 'dc9' }), {
    message: 'No path to datacenter',
  });
});

function follower(leaderAddress: string): LoneServer {
  const server = startLoneServer();
  server.consensus.isLeader = false;
  server.consensus.leaderAddress = leaderAddress;
  server.consensus.lastContactMs = 1_500;
  return server;
}

function callerOf(answer: () => Promise<unknown>): Caller {
  return { call: answer as Caller['call'] };
}
