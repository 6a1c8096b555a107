// How a leader brings followers up to date, and when it commits. Raft paper, sections 5.3 and 5.4.2;
// hashicorp/raft replication.go, commitment.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, entry, leader, member } from './core-kit.ts';

function propose(bench: Bench, text = 'x'): number {
  const index = bench.raft.propose('command', Buffer.from(text));
  bench.settle();
  return index;
}

test('an entry is committed when a majority has it on disk, and then applied', () => {
  const bench = leader(5);
  const index = propose(bench);
  const asks = bench.take('append-entries');
  assert.equal(asks.length, 4);
  bench.appended(asks[0]);
  assert.equal(bench.state.commitIndex, index - 1, 'two of five are no majority');
  bench.appended(asks[1]);
  assert.equal(bench.state.commitIndex, index);
  assert.equal(bench.applied.at(-1)?.index, index);
});

test('a leader counts its own log only as far as it is durable', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  const batch = bench.raft.ready();
  bench.keep(batch, false);
  const [ask] = bench.take('append-entries', 's2');
  const answer = {
    kind: 'append-answer',
    term: 2,
    lastIndex: 3,
    isSuccess: true,
    noRetryBackoff: false,
  } as const;
  if (ask !== undefined) bench.raft.step(0, { kind: 'answered', ask, answer });
  assert.equal(bench.raft.ready().apply.length, 0);
  assert.equal(bench.state.commitIndex, 2);
});

test('entries go to followers while they are being written here', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  const batch = bench.raft.ready();
  assert.equal(batch.send.length, 2);
  assert.notEqual(batch.write, undefined);
});

test('entries of earlier terms are committed only with one of the present term', () => {
  const bench = member(5);
  bench.hear({
    kind: 'append-entries',
    term: 2,
    leader: '10.0.0.2:8300',
    prevIndex: 1,
    prevTerm: 1,
    entries: [entry(2, 2)],
    leaderCommit: 1,
  });
  bench.elect();
  const all = bench.take('append-entries');
  assert.ok(all.every(({ request }) => request.entries.length === 1));
  // Three of five have entry 2; that alone commits nothing (figure 8 of the paper).
  for (const ask of all.slice(0, 2)) {
    const { request } = ask;
    bench.answer(
      { ...ask, request: { ...request, entries: [] } },
      { kind: 'append-answer', term: 3, lastIndex: 2, isSuccess: true, noRetryBackoff: false },
    );
  }
  assert.equal(bench.state.commitIndex, 1);
  bench.agree();
  assert.equal(bench.state.commitIndex, 3);
});

test('proposals of one turn go in one message', () => {
  const bench = leader(3);
  for (let i = 0; i < 10; i++) bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  const asks = bench.take('append-entries', 's2');
  assert.deepEqual(
    asks.map(({ request }) => request.entries.length),
    [10],
  );
});

test('messages are no larger than allowed, but one entry always goes', () => {
  const bench = leader(3, { config: { appendEntriesMax: 3, appendBytesMax: 100 } });
  for (let i = 0; i < 4; i++) bench.raft.propose('command', Buffer.from('x'));
  bench.raft.propose('command', Buffer.alloc(1_000));
  bench.settle();
  assert.deepEqual(
    bench.take('append-entries', 's2').map(({ request }) => request.entries.length),
    [3, 1, 1],
  );
});

test('a follower that agrees is sent more before it has answered, up to a bound', () => {
  const bench = leader(3, { config: { pipelineMax: 4 } });
  for (let i = 0; i < 10; i++) propose(bench);
  const asks = bench.take('append-entries', 's2');
  assert.deepEqual(
    asks.map(({ request }) => request.prevIndex),
    [2, 3, 4, 5],
  );
  bench.appended(asks[0]);
  const [next] = bench.take('append-entries', 's2');
  assert.deepEqual([next?.request.prevIndex, next?.request.entries.length], [6, 6]);
});

test('what comes during a write goes with the next one, unless a follower has nothing to do', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  const first = bench.raft.ready();
  bench.keep(first, false);
  const [ask] = bench.take('append-entries', 's2');
  bench.take('append-entries');
  bench.raft.propose('command', Buffer.from('y'));
  bench.settle();
  assert.equal(bench.take('append-entries').length, 0, 'both followers have a message to answer');
  bench.appended(ask);
  const next = bench.take('append-entries');
  assert.deepEqual(
    next.map(({ to, request }) => [to.id, request.prevIndex]),
    [['s2', 3]],
  );
  bench.raft.onWritten();
  bench.settle();
  assert.deepEqual(
    bench.take('append-entries').map(({ to, request }) => [to.id, request.prevIndex]),
    [['s3', 3]],
  );
});

test('as many entries as a message takes do not wait for a write', () => {
  const bench = leader(3, { config: { appendEntriesMax: 3 } });
  bench.raft.propose('command', Buffer.from('x'));
  bench.keep(bench.raft.ready(), false);
  for (let i = 0; i < 4; i++) bench.raft.propose('command', Buffer.from('y'));
  bench.settle();
  assert.deepEqual(
    bench.take('append-entries', 's2').map(({ request }) => request.entries.length),
    [1, 3],
  );
});

test('followers that are equally far get the same message', () => {
  const bench = leader(3);
  propose(bench);
  const [second, third] = bench.take('append-entries');
  assert.equal(second?.request, third?.request);
  bench.appended(second);
  propose(bench);
  const [newer, late] = bench.take('append-entries');
  assert.notEqual(newer?.request, second?.request);
  assert.equal(newer?.request, late?.request);
});

test('a follower is sent no more bytes than allowed before it answers', () => {
  const bench = leader(3, { config: { pipelineBytesMax: 2_500 } });
  for (let i = 0; i < 6; i++) propose(bench, 'x'.repeat(1_000));
  const asks = bench.take('append-entries', 's2');
  assert.equal(asks.length, 3);
  bench.appended(asks[0]);
  assert.equal(bench.take('append-entries', 's2').length, 1);
});

test('a follower that refuses is asked one message at a time, from where its own log ends', () => {
  const bench = leader(3);
  for (let i = 0; i < 8; i++) propose(bench);
  const asks = bench.take('append-entries', 's2');
  bench.appended(asks.at(-1), false, 4);
  const probe = bench.take('append-entries', 's2');
  assert.deepEqual(
    probe.map(({ request }) => request.prevIndex),
    [4],
  );
  bench.appended(asks[2], false, 4);
  assert.deepEqual(bench.take('append-entries', 's2'), [], 'answers to earlier messages change nothing');
  bench.appended(probe[0], false, 4);
  assert.equal(bench.take('append-entries', 's2')[0]?.request.prevIndex, 3);
});

test('a follower that refuses everything is not asked as fast as it answers', () => {
  const bench = leader(3);
  propose(bench);
  let asked = 0;
  for (; asked < 100; asked++) {
    const [ask] = bench.take('append-entries', 's2');
    if (ask === undefined) break;
    bench.appended(ask, false, 0);
  }
  assert.ok(asked < 10, `${asked} times`);
  bench.pass(20);
  assert.equal(bench.take('append-entries', 's2').length, 1);
});

test('after a failure there is a pause, longer each time, and what is unanswered is sent again', () => {
  const bench = leader(3);
  propose(bench);
  propose(bench);
  for (const ask of bench.take('append-entries', 's2')) bench.fail(ask);
  assert.deepEqual(bench.take('append-entries', 's2'), []);
  bench.pass(10);
  const [again] = bench.take('append-entries', 's2');
  assert.deepEqual([again?.request.prevIndex, again?.request.entries.length], [2, 2]);
});

test('followers are told what is committed within two commit timeouts, if nothing else tells them', () => {
  const bench = leader(3);
  propose(bench);
  bench.appended(bench.take('append-entries', 's2')[0]);
  bench.take('append-entries');
  bench.pass(100);
  const [told] = bench.take('append-entries', 's2');
  assert.deepEqual([told?.request.entries.length, told?.request.leaderCommit], [0, 3]);
  bench.appended(told);
  bench.pass(150);
  assert.deepEqual(bench.take('append-entries', 's2'), []);
});

test('followers are told of no more than the leader has applied, slow as its disk may be', () => {
  const bench = leader(3);
  bench.raft.propose('command', Buffer.from('x'));
  bench.keep(bench.raft.ready(), false);
  for (const id of ['s2', 's3']) {
    const [ask] = bench.take('append-entries', id);
    const answer = {
      kind: 'append-answer',
      term: 2,
      lastIndex: 3,
      isSuccess: true,
      noRetryBackoff: false,
    } as const;
    if (ask !== undefined) bench.raft.step(0, { kind: 'answered', ask, answer });
  }
  bench.raft.propose('command', Buffer.from('y'));
  bench.keep(bench.raft.ready(), false);
  assert.deepEqual([bench.state.commitIndex, bench.state.appliedIndex], [3, 2]);
  const [before] = bench.take('append-entries', 's2');
  assert.equal(before?.request.leaderCommit, 2);
  bench.raft.onWritten();
  bench.settle().appended(before).pass(100);
  const [after] = bench.take('append-entries', 's2');
  assert.equal(after?.request.leaderCommit, 4);
});

test('a heartbeat goes out every commit timeout to twice that, one at a time', () => {
  for (const commitTimeoutMs of [20, 50]) {
    const bench = leader(3, { config: { commitTimeoutMs } });
    for (const ask of bench.take('heartbeat')) bench.appended(ask);
    bench.pass(commitTimeoutMs - 1);
    assert.equal(bench.take('heartbeat', 's2').length, 0);
    bench.pass(commitTimeoutMs + 2);
    assert.equal(bench.take('heartbeat', 's2').length, 1);
    bench.pass(200);
    assert.equal(bench.take('heartbeat', 's2').length, 0, 'the last one has no answer yet');
  }
});

test('heartbeats leave together, so that a leader and a follower wake once', () => {
  const bench = leader(5);
  for (const ask of bench.take('heartbeat')) bench.appended(ask);
  const counts: number[] = [];
  for (let ms = 0; ms < 500; ms++) {
    const asks = bench.pass(1).take('heartbeat');
    if (asks.length > 0) counts.push(asks.length);
    for (const ask of asks) bench.appended(ask);
  }
  assert.ok(counts.length >= 5 && counts.length <= 10, `${counts.length} times`);
  assert.ok(counts.every((count) => count === 4));
});

test('a leader that hears no majority for its lease steps down', () => {
  const bench = leader(5);
  const [first] = bench.take('heartbeat', 's2');
  bench.pass(499);
  assert.equal(bench.state.role, 'leader');
  const answer = {
    kind: 'append-answer',
    term: 2,
    lastIndex: 2,
    isSuccess: true,
    noRetryBackoff: false,
  } as const;
  bench.answer(first, answer);
  bench.pass(2);
  assert.equal(bench.state.role, 'follower');
  assert.equal(bench.state.leader, '');
});

test('a leader that asks and asks, and is not answered, steps down all the same', () => {
  const bench = leader(3);
  for (let ms = 0; ms < 500; ms += 50) {
    for (const ask of bench.take('heartbeat')) bench.fail(ask);
    assert.equal(bench.state.role, 'leader');
    bench.pass(50);
  }
  assert.equal(bench.state.role, 'follower');
});

test('a lease lasts from when was asked, not from when the answer was found', () => {
  const bench = leader(3);
  const yes = {
    kind: 'append-answer',
    term: 2,
    lastIndex: 2,
    isSuccess: true,
    noRetryBackoff: false,
  } as const;
  for (const ask of bench.take('heartbeat')) bench.answer(ask, yes);
  bench.pass(200);
  const [asked] = bench.take('heartbeat', 's2');
  bench.now += 450; // nothing runs here
  bench.answer(asked, yes);
  assert.equal(bench.raft.holdsLease(bench.now + 49), true);
  assert.equal(bench.raft.holdsLease(bench.now + 50), false);
  assert.equal(bench.state.role, 'leader'); // as far as it knows
});

test('without anybody to confirm it the only voter holds its lease', () => {
  const bench = member(1);
  assert.equal(bench.raft.holdsLease(bench.now + 1e6), true);
  assert.equal(member(3).raft.holdsLease(0), false);
});

test('answers to what was asked in an earlier term of ours count for nothing', () => {
  const bench = leader(3);
  propose(bench);
  const [old] = bench.take('append-entries', 's2');
  bench.hear({ kind: 'heartbeat', term: 5, leader: '10.0.0.3:8300' });
  bench.elect();
  bench.answer(old, { kind: 'append-answer', term: 2, lastIndex: 3, isSuccess: true, noRetryBackoff: false });
  assert.equal(bench.state.leadership?.followers.get('s2')?.matchIndex, 0);
});
