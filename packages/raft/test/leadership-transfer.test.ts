// A leader hands over. Raft thesis, section 3.10; hashicorp/raft raft.go (leadershipTransfer).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RaftError } from '@reeve/raft';
import { leader, member, server } from './core-kit.ts';

test('the follower with most of the log is brought up to date and told to start an election', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  bench.appended(bench.take('append-entries', 's3')[0]);
  bench.raft.transferLeadership(bench.now);
  bench.settle();
  assert.deepEqual(
    bench.take('timeout-now').map(({ to }) => to.id),
    ['s3'],
  );
});

test('a server without a vote is not handed over to, as much of the log as it may have', () => {
  const bench = leader(3);
  const { id, address } = server(4);
  bench.raft.changeConfiguration({ command: 'add-nonvoter', id, address, prevIndex: 0 });
  bench.settle().agree();
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  bench.appended(bench.take('append-entries', 's4')[0]);
  bench.raft.transferLeadership(bench.now);
  bench.settle().agree();
  assert.deepEqual(
    bench.take('timeout-now').map(({ to }) => to.id),
    ['s2'],
  );
});

test('a follower that lacks entries gets them first', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  bench.raft.transferLeadership(bench.now, 's2');
  bench.settle();
  assert.deepEqual(bench.take('timeout-now'), []);
  bench.appended(bench.take('append-entries', 's2')[0]);
  assert.equal(bench.take('timeout-now', 's2').length, 1);
});

test('meanwhile nothing is proposed; after an election timeout the leader goes on', () => {
  const bench = leader(3);
  bench.raft.transferLeadership(bench.now, 's2');
  const refused = new RaftError('transfer-in-progress');
  assert.throws(() => bench.raft.propose('command', Buffer.from('x')), refused);
  assert.throws(() => bench.raft.transferLeadership(bench.now), refused);
  bench.settle();
  const yes = {
    kind: 'append-answer',
    term: 2,
    lastIndex: 2,
    isSuccess: true,
    noRetryBackoff: false,
  } as const;
  for (let i = 0; i < 4; i++) {
    bench.pass(249);
    for (const ask of bench.take('heartbeat')) bench.answer(ask, yes);
  }
  bench.raft.tick(bench.now + 4);
  assert.ok(bench.raft.ready().hasTransferFailed);
  assert.equal(bench.raft.propose('command', Buffer.from('x')), 3);
});

test('a server that is told to start an election does so at once, and says why', () => {
  const bench = member(3);
  bench.hear({ kind: 'heartbeat', term: 1, leader: '10.0.0.2:8300' });
  assert.deepEqual(bench.hear({ kind: 'timeout-now' }), { kind: 'timeout-now-answer' });
  assert.ok(bench.take('request-vote')[0]?.request.isLeadershipTransfer);
});

test('nobody hands over to itself or to strangers', () => {
  const bench = leader(3);
  assert.throws(() => bench.raft.transferLeadership(0, 's1'), /cannot transfer leadership to itself/);
  assert.throws(() => bench.raft.transferLeadership(0, 's9'), /cannot find replication state for s9/);
});
