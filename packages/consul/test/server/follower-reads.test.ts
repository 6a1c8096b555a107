// Reads at a follower: which of them share a question to the leader, and when its answer is not enough.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aclTokenCodec } from '../../dist/core/wire/acl.js';
import { health, kvs, type Method, noQueryOptions, type RaftStats } from '../../dist/rpc/methods/index.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';
import { settle } from '../kit/settle.js';

const address = '10.0.0.2:8300';
const read = { ...noQueryOptions, key: 'a' };
const consistently = { ...read, requireConsistent: true };

test('reads that come together share one question, and are answered as the leader would', async () => {
  const { server, asked } = follower();
  const three = [kv(server), kv(server), services(server)];
  await server.run(10);
  assert.deepEqual(asked, ['Status.RaftStats']);
  for (const { answer } of three) {
    const { lastContactNs, knownLeader, index } = answer() ?? {};
    assert.deepEqual([lastContactNs, knownLeader, index], [0, true, 1]);
  }
});

test('consistent reads share a leader that is verified before it is asked how far it is', async () => {
  const { server, asked, requests } = follower();
  const two = [kv(server, consistently), kv(server, consistently), kv(server), kv(server)];
  await server.run(10);
  assert.deepEqual(asked.sort(), ['Session.Get', 'Status.RaftStats', 'Status.RaftStats']);
  const verification = requests.find(({ method }) => method === 'Session.Get')?.request;
  const { allowStale, requireConsistent } = verification as typeof read;
  assert.deepEqual([allowStale, requireConsistent], [true, true], 'nobody but the one who is asked');
  assert.ok(two.every(({ answer }) => answer()?.lastContactNs === 0));
});

test('a follower that is a majority with its leader has nobody verified for consistent reads', async () => {
  const { server, asked } = follower();
  server.consensus.isMajorityWithLeader = true;
  const two = [kv(server, consistently), kv(server, consistently)];
  await server.run(10);
  assert.deepEqual(asked.splice(0), ['Status.RaftStats']);
  const one = kv(server, consistently);
  await server.run(10);
  assert.deepEqual(asked, ['Status.RaftStats'], 'one alone, too');
  for (const { answer } of [...two, one])
    assert.deepEqual([answer()?.lastContactNs, answer()?.index], [0, 1]);
});

test('who is a majority is asked when all has been applied: others may have been added', async () => {
  const { server, asked, answerLater } = follower();
  server.consensus.isMajorityWithLeader = true;
  const answer = answerLater();
  const two = [kv(server, consistently), kv(server, consistently)];
  await server.run(10);
  server.consensus.isMajorityWithLeader = false;
  answer();
  await server.run(10);
  assert.deepEqual(asked, ['Status.RaftStats', 'KVS.Get', 'KVS.Get']);
  assert.ok(two.every((read) => read.answer()?.index === 99));
});

test('a question that was asked before a read came is not its question', async () => {
  const { server, asked, answerLater } = follower();
  const answerFirst = answerLater();
  const early = [kv(server), kv(server)];
  await server.run(10);
  const late = [kv(server), kv(server)];
  await server.run(10);
  assert.equal(asked.length, 2);
  assert.ok(late.every(({ answer }) => answer() !== undefined));
  assert.ok(
    early.every(({ answer }) => answer() === undefined),
    'nobody waits for another question',
  );
  answerFirst();
  await server.run(10);
  assert.ok(early.every(({ answer }) => answer() !== undefined));
});

test('one that comes alone asks, too, unless its leader would have to be verified before', async () => {
  const { server, asked } = follower();
  const one = kv(server);
  await server.run(10);
  assert.deepEqual([asked.splice(0), one.answer()?.index], [['Status.RaftStats'], 1]);
  const consistent = kv(server, consistently);
  await server.run(10);
  assert.deepEqual([asked, consistent.answer()?.index], [['KVS.Get'], 99]);
});

const leaders: Readonly<Record<string, Partial<RaftStats>>> = {
  'whose log goes further than what is applied here': { lastIndex: 11 },
  'who follows somebody else': { lastContact: '12.5ms' },
  'who was never told of a leader': { lastContact: 'never' },
  'who has written nothing since its election': { lastTerm: 1 },
  'of a later term': { lastTerm: 3 },
};
for (const [what, stats] of Object.entries(leaders)) {
  test(`reads are forwarded to a leader ${what}`, async () => {
    const { server, asked } = follower(stats);
    for (const isMajorityWithLeader of [false, true])
      for (const request of [read, consistently]) {
        server.consensus.isMajorityWithLeader = isMajorityWithLeader;
        const two = [kv(server, request), kv(server, request)];
        await server.run(10);
        assert.deepEqual(asked.splice(0).slice(-2), ['KVS.Get', 'KVS.Get']);
        assert.ok(two.every(({ answer }) => answer()?.index === 99));
      }
  });
}

test('reads are forwarded to a leader that cannot answer, or is not verified', async () => {
  for (const [method, request] of [
    ['Status.RaftStats', read],
    ['Session.Get', consistently],
  ] as const) {
    const { server, asked, failing } = follower();
    failing.set(method, new Error(`rpc: can't find service ${method}`));
    const two = [kv(server, request), kv(server, request)];
    await server.run(10);
    assert.deepEqual(asked, [method, 'KVS.Get', 'KVS.Get']);
    assert.ok(two.every(({ answer }) => answer()?.index === 99));
  }
});

test('an answer that comes after an election is none', async () => {
  const changes: ((server: LoneServer) => void)[] = [
    ({ consensus }) => {
      consensus.term = 3;
    },
    ({ consensus, others }) => {
      others.set('10.0.0.3:8300', others.get(address) ?? assert.fail());
      consensus.leaderAddress = '10.0.0.3:8300';
    },
  ];
  for (const change of changes) {
    const { server, asked, answerLater } = follower();
    const answer = answerLater();
    kv(server);
    kv(server);
    await server.run(10);
    change(server);
    answer();
    await server.run(10);
    assert.deepEqual(asked, ['Status.RaftStats', 'KVS.Get', 'KVS.Get']);
  }
});

test('a follower that knows that it is behind asks nothing', async () => {
  const { server, asked } = follower();
  server.consensus.unapplied = 1;
  kv(server);
  kv(server);
  await server.run(10);
  assert.deepEqual(asked, ['KVS.Get', 'KVS.Get']);
});

test('where there are tokens the leader says who may see what', async () => {
  const { server, asked } = follower();
  server.store.tables.aclTokens.put({ ...aclTokenCodec.zero(), secretId: 's' });
  kv(server);
  kv(server);
  await server.run(10);
  assert.deepEqual(asked, ['KVS.Get', 'KVS.Get']);
});

test('questions that wait are the leader’s', async () => {
  const { server, asked } = follower();
  kv(server, { ...read, minQueryIndex: 5 });
  kv(server, { ...read, minQueryIndex: 5 });
  await server.run(10);
  assert.deepEqual(asked, ['KVS.Get', 'KVS.Get']);
});

function kv(server: LoneServer, request = read) {
  return settle(server.caller.call(kvs.get, request));
}

function services(server: LoneServer) {
  const query = { ...health.serviceNodes.request.zero(), serviceName: 'web' };
  return settle(server.caller.call(health.serviceNodes, query));
}

/** A server in term 2 that has applied ten entries, and a leader that has as many. */
function follower(stats: Partial<RaftStats> = {}) {
  const server = startLoneServer();
  Object.assign(server.consensus, { isLeader: false, leaderAddress: address, lastContactMs: 20 });
  const asked: string[] = [];
  const requests: { readonly method: string; readonly request: unknown }[] = [];
  const failing = new Map<string, Error>();
  let held: Promise<void> | undefined;
  const call = async (method: Method<unknown, unknown>, request: unknown) => {
    const wait = held;
    held = undefined;
    asked.push(method.name);
    requests.push({ method: method.name, request });
    await wait;
    const error = failing.get(method.name);
    if (error !== undefined) throw error;
    if (method.name === 'Status.RaftStats') return { lastContact: '0', lastTerm: 2, lastIndex: 10, ...stats };
    return { entries: null, index: 99, lastContactNs: 0, knownLeader: true, consistencyLevel: '' };
  };
  server.others.set(address, { call: call as never });
  /** The next call is answered when what is returned is called. */
  const answerLater = () => {
    let answer = () => {};
    held = new Promise((resolve) => {
      answer = resolve;
    });
    return () => answer();
  };
  return { server, asked, requests, failing, answerLater };
}
