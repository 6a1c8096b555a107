// Whether a majority agrees that we lead. Raft thesis, section 6.4.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RaftError } from '@reeve/raft';
import { leader, member } from './core-kit.ts';

const yes = { kind: 'append-answer', term: 2, lastIndex: 2, isSuccess: true, noRetryBackoff: false } as const;

test('only what is asked after the question confirms it', () => {
  const bench = leader(3);
  const [before] = bench.take('heartbeat', 's2');
  bench.raft.verifyLeader(7);
  bench.settle();
  bench.answer(before, yes);
  assert.deepEqual(bench.verified, []);
  const [after] = bench.take('heartbeat', 's2');
  bench.answer(after, yes);
  assert.deepEqual(bench.verified, [7]);
});

test('questions that come together share a round', () => {
  const bench = leader(3);
  for (const ask of bench.take('heartbeat')) bench.answer(ask, yes);
  for (let ticket = 1; ticket <= 50; ticket++) bench.raft.verifyLeader(ticket);
  bench.settle();
  const asks = bench.take('heartbeat');
  assert.equal(asks.length, 2);
  bench.answer(asks[0], yes);
  assert.equal(bench.verified.length, 50);
});

test('who asks during a round waits for the next one', () => {
  const bench = leader(3);
  for (const ask of bench.take('heartbeat')) bench.answer(ask, yes);
  bench.raft.verifyLeader(1);
  bench.settle();
  const [asked] = bench.take('heartbeat', 's2');
  bench.raft.verifyLeader(2);
  bench.settle();
  bench.answer(asked, yes);
  assert.deepEqual(bench.verified, [1]);
  bench.answer(bench.take('heartbeat', 's2')[0], yes);
  assert.deepEqual(bench.verified, [1, 2]);
});

test('of five servers two others have to agree', () => {
  const bench = leader(5);
  for (const ask of bench.take('heartbeat')) bench.answer(ask, yes);
  bench.raft.verifyLeader(1);
  bench.settle();
  const asks = bench.take('heartbeat');
  bench.answer(asks[0], yes);
  assert.deepEqual(bench.verified, []);
  bench.answer(asks[1], yes);
  assert.deepEqual(bench.verified, [1]);
});

test('the only voter needs nobody', () => {
  const bench = member(1);
  bench.raft.verifyLeader(3);
  bench.settle();
  assert.deepEqual(bench.verified, [3]);
});

test('a follower refuses', () => {
  assert.throws(() => member(3).raft.verifyLeader(1), new RaftError('not-leader'));
});
