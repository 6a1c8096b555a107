// Who becomes a leader, and when. Raft paper, section 5.2; hashicorp/raft raft.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, leader, member, server, voters } from './core-kit.ts';

const heartbeat = { kind: 'heartbeat', term: 1, leader: '10.0.0.2:8300' } as const;

test('a follower that hears no leader for the heartbeat timeout asks for votes in the next term', () => {
  const bench = member(3).pass(999);
  assert.equal(bench.state.role, 'follower');
  bench.pass(1_001);
  assert.equal(bench.state.role, 'candidate');
  assert.deepEqual(
    bench.take('request-vote').map(({ to, request }) => [to.id, request.term, request.lastIndex]),
    [
      ['s2', 2, 1],
      ['s3', 2, 1],
    ],
  );
});

test('a heartbeat puts the election off', () => {
  const bench = member(3);
  for (let i = 0; i < 10; i++) {
    bench.pass(900);
    assert.deepEqual(bench.hear(heartbeat), {
      kind: 'append-answer',
      term: 1,
      lastIndex: 1,
      isSuccess: true,
      noRetryBackoff: false,
    });
  }
  assert.equal(bench.state.role, 'follower');
  assert.equal(bench.state.leader, '10.0.0.2:8300');
});

test('a leader whose connections close is given two to three tenths of the timeout', () => {
  const bench = member(3);
  bench.hear(heartbeat);
  bench.raft.step(bench.now, { kind: 'gone', address: '10.0.0.3:8300' });
  bench.pass(301);
  assert.equal(bench.state.role, 'follower', 'somebody else has gone');
  bench.hear(heartbeat);
  bench.raft.step(bench.now, { kind: 'gone', address: '10.0.0.2:8300' });
  bench.pass(199);
  assert.equal(bench.state.role, 'follower');
  bench.pass(102);
  assert.equal(bench.state.role, 'candidate');
});

test('a leader that is back in time is not suspected any more', () => {
  const bench = member(3);
  bench.hear(heartbeat);
  bench.raft.step(bench.now, { kind: 'gone', address: '10.0.0.2:8300' });
  bench.pass(150);
  bench.hear(heartbeat);
  bench.pass(900);
  assert.equal(bench.state.role, 'follower');
});

test('a candidate that a majority votes for leads, and begins with an entry of its own', () => {
  const bench = member(5).pass(5_000);
  const [first, second] = bench.take('request-vote');
  bench.answer(first, { kind: 'vote-answer', term: 2, isGranted: true });
  assert.equal(bench.state.role, 'candidate', 'two of five are no majority');
  bench.answer(first, { kind: 'vote-answer', term: 2, isGranted: true });
  assert.equal(bench.state.role, 'candidate', 'nobody votes twice');
  bench.answer(second, { kind: 'vote-answer', term: 2, isGranted: true });
  assert.equal(bench.state.role, 'leader');
  assert.equal(bench.state.log.entryAt(2)?.type, 'noop');
});

test('a candidate that nobody votes for and all have answered begins again soon, but not for ever', () => {
  const bench = member(3).pass(5_000);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const [second, third] = bench.take('request-vote');
    bench.answer(second, { kind: 'vote-answer', term: bench.state.term, isGranted: false });
    const { term } = bench.state;
    bench.pass(150);
    assert.equal(bench.state.term, term, 'one has not answered');
    bench.fail(third);
    bench.pass(801);
    assert.equal(bench.state.term, term + 1);
  }
  const [second, third] = bench.take('request-vote');
  bench.fail(second).fail(third).pass(900);
  assert.equal(bench.state.term, 5);
});

test('votes of an earlier election do not count', () => {
  const bench = member(3).pass(5_000);
  const old = bench.take('request-vote');
  bench.pass(5_000);
  assert.equal(bench.state.term, 3);
  bench.answer(old[0], { kind: 'vote-answer', term: 2, isGranted: true });
  assert.equal(bench.state.role, 'candidate');
});

test('a candidate asks for votes only when its own is durable', () => {
  const bench = member(3);
  bench.now = 5_000;
  bench.raft.tick(bench.now);
  const batch = bench.raft.ready();
  assert.deepEqual(batch.send, []);
  assert.deepEqual(batch.write?.hardState, { term: 2, votedFor: '10.0.0.1:8300' });
  assert.equal(batch.write?.thenSend.length, 2);
});

test('the only voter leads at once, but not before its vote is durable', () => {
  const bench = new Bench();
  bench.raft.bootstrap(voters(1));
  bench.keep(bench.raft.ready());
  assert.equal(bench.state.role, 'candidate');
  bench.keep(bench.raft.ready(), false);
  assert.equal(bench.state.role, 'candidate', 'the vote may still get lost');
  bench.raft.onWritten();
  assert.equal(bench.state.role, 'leader');
});

test('a server without a configuration, or without a vote in it, never asks for votes', () => {
  assert.equal(new Bench().pass(60_000).state.role, 'follower');
  const bench = new Bench();
  bench.raft.bootstrap({ servers: [server(1, 'nonvoter'), server(2)] });
  const append = {
    kind: 'append-entries',
    term: 1,
    leader: '10.0.0.2:8300',
    prevIndex: 1,
    prevTerm: 1,
  } as const;
  bench.hear({ ...append, entries: [], leaderCommit: 1 });
  assert.equal(bench.pass(60_000).state.role, 'follower');
});

test('a candidate follows whoever leads its term', () => {
  const bench = member(3).pass(5_000);
  bench.hear({ ...heartbeat, term: 2 });
  assert.equal(bench.state.role, 'follower');
  assert.equal(bench.state.leader, '10.0.0.2:8300');
});

test('who has led was in contact with a leader until then', () => {
  const bench = leader(3);
  bench.pass(100);
  bench.raft.step(bench.now, {
    kind: 'answered',
    ask: bench.take('heartbeat')[0] ?? assert.fail(),
    answer: {
      kind: 'append-answer',
      term: 9,
      lastIndex: 2,
      isSuccess: false,
      noRetryBackoff: false,
    },
  });
  assert.deepEqual([bench.state.role, bench.state.lastContactMs], ['follower', bench.now]);
});

test('a leader that is back is no more suspected, and nobody else gets a vote', () => {
  const bench = member(3);
  bench.hear(heartbeat);
  bench.raft.step(bench.now, { kind: 'gone', address: '10.0.0.2:8300' });
  bench.hear(heartbeat);
  const request = {
    kind: 'request-vote',
    term: 2,
    candidate: '10.0.0.3:8300',
    lastIndex: 9,
    lastTerm: 1,
    isLeadershipTransfer: false,
  } as const;
  assert.deepEqual(bench.hear(request), { kind: 'vote-answer', term: 1, isGranted: false });
});

test('an answer from a later term ends candidacy and leadership', () => {
  const candidate = member(3).pass(5_000);
  candidate.answer(candidate.take('request-vote')[0], { kind: 'vote-answer', term: 9, isGranted: false });
  assert.deepEqual([candidate.state.role, candidate.state.term], ['follower', 9]);
  const bench = leader(3).pass(300);
  const [ask] = bench.take('heartbeat');
  bench.answer(ask, {
    kind: 'append-answer',
    term: 9,
    lastIndex: 0,
    isSuccess: false,
    noRetryBackoff: false,
  });
  assert.deepEqual([bench.state.role, bench.state.term, bench.state.leader], ['follower', 9, '']);
});

test('a server whose disk takes nothing neither leads nor asks for votes until it does', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  bench.keep(bench.raft.ready(), false);
  bench.raft.onWriteFailed();
  assert.equal(bench.state.role, 'follower');
  bench.pass(60_000);
  assert.equal(bench.state.role, 'follower');
  bench.raft.onWritten();
  bench.pass(5_000);
  assert.equal(bench.state.role, 'candidate');
});
