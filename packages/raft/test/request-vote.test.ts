// Who gets a vote. Raft paper, sections 5.2 and 5.4.1; hashicorp/raft raft.go (requestVote).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestVote } from '@reeve/raft/core';
import { Bench, leader, member } from './core-kit.ts';

const request: RequestVote = {
  kind: 'request-vote',
  term: 2,
  candidate: '10.0.0.2:8300',
  lastIndex: 1,
  lastTerm: 1,
  isLeadershipTransfer: false,
};

function granted(bench: Bench, changes: Partial<RequestVote> = {}): boolean {
  const answer = bench.hear({ ...request, ...changes });
  if (answer?.kind !== 'vote-answer') throw new Error('no answer');
  assert.equal(answer.term, bench.state.term);
  return answer.isGranted;
}

test('the first candidate of a term gets the vote, and gets it again when it asks again', () => {
  const bench = member(3);
  assert.ok(granted(bench));
  assert.ok(!granted(bench, { candidate: '10.0.0.3:8300' }));
  assert.ok(granted(bench));
  assert.deepEqual(bench.disk.hardState, { term: 2, votedFor: '10.0.0.2:8300' });
});

test('a vote leaves only when it is durable', () => {
  const bench = member(3);
  bench.raft.step(0, { kind: 'asked', ticket: 1, request });
  const batch = bench.raft.ready();
  assert.deepEqual(batch.send, []);
  assert.equal(batch.write?.thenSend.length, 1);
});

test('after a restart a server knows whom it has voted for, and gives nobody else its vote', () => {
  const { disk } = member(3);
  const bench = new Bench({ hardState: { term: 2, votedFor: '10.0.0.2:8300' }, entries: disk.entries });
  assert.ok(!granted(bench, { candidate: '10.0.0.3:8300' }));
  assert.ok(granted(bench));
});

test('a candidate of an earlier term gets no vote', () => {
  const bench = member(3);
  granted(bench, { term: 5 });
  assert.ok(!granted(bench, { term: 4 }));
  assert.equal(bench.state.term, 5);
});

test('a candidate with an earlier last term, or a shorter log of the same, gets no vote but its term', () => {
  assert.ok(!granted(member(3), { lastTerm: 0, lastIndex: 9 }));
  assert.ok(!granted(member(3), { lastTerm: 1, lastIndex: 0 }));
  assert.ok(granted(member(3), { lastTerm: 2, lastIndex: 0 }));
  const bench = member(3);
  granted(bench, { lastIndex: 0, term: 7 });
  assert.equal(bench.state.term, 7);
});

test('who hears a leader votes for nobody else, and does not even take over the term', () => {
  const bench = member(3);
  bench.hear({ kind: 'heartbeat', term: 1, leader: '10.0.0.3:8300' });
  assert.ok(!granted(bench, { term: 9 }));
  assert.equal(bench.state.term, 1);
});

test('a leader does not step down for a candidate', () => {
  const bench = leader(3);
  assert.ok(!granted(bench, { term: 9, lastIndex: 9, lastTerm: 8 }));
  assert.equal(bench.state.role, 'leader');
});

test('a leader that wants the election gets it', () => {
  const bench = member(3);
  bench.hear({ kind: 'heartbeat', term: 1, leader: '10.0.0.3:8300' });
  assert.ok(granted(bench, { isLeadershipTransfer: true }));
});

test('once the connections of the leader have closed, others get a vote', () => {
  const bench = member(3);
  bench.hear({ kind: 'heartbeat', term: 1, leader: '10.0.0.3:8300' });
  bench.raft.step(bench.now, { kind: 'gone', address: '10.0.0.3:8300' });
  assert.ok(granted(bench));
});

test('a vote puts our own candidacy off', () => {
  const bench = member(3).pass(999);
  granted(bench);
  bench.pass(999);
  assert.equal(bench.state.role, 'follower');
});
