// What a follower does with entries. Raft paper, figure 2 and section 5.3.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AppendAnswer, type AppendEntries, encodeConfiguration, type LogEntry } from '@reeve/raft/core';
import { type Bench, entry, leader, member, voters } from './core-kit.ts';

const base: AppendEntries = {
  kind: 'append-entries',
  term: 2,
  leader: '10.0.0.2:8300',
  prevIndex: 1,
  prevTerm: 1,
  entries: [],
  leaderCommit: 0,
};

function append(bench: Bench, changes: Partial<AppendEntries>): AppendAnswer {
  const answer = bench.hear({ ...base, ...changes });
  if (answer?.kind !== 'append-answer') throw new Error('no answer');
  return answer;
}

function terms({ state }: Bench): readonly (number | undefined)[] {
  return Array.from({ length: state.log.lastIndex }, (_, i) => state.log.termAt(i + 1));
}

test('entries behind one that both have are taken over', () => {
  const bench = member(3);
  assert.ok(append(bench, { entries: [entry(2, 2), entry(3, 2)] }).isSuccess);
  assert.deepEqual(terms(bench), [1, 2, 2]);
  assert.equal(bench.disk.entries.length, 3);
});

test('an answer tells the last entry there was before, as upstream does', () => {
  assert.equal(append(member(3), { entries: [entry(2, 2)] }).lastIndex, 1);
});

test('entries behind a gap, or behind an entry of another term, are refused for an immediate retry', () => {
  const bench = member(3);
  for (const changes of [
    { prevIndex: 5, prevTerm: 2, entries: [entry(6, 2)] },
    { prevIndex: 1, prevTerm: 2, entries: [entry(2, 2)] },
  ]) {
    const answer = append(bench, changes);
    assert.deepEqual([answer.isSuccess, answer.noRetryBackoff, answer.lastIndex], [false, true, 1]);
  }
  assert.deepEqual(terms(bench), [1]);
});

test('entries of another term are replaced with all behind them, on the disk too', () => {
  const bench = member(3);
  append(bench, { entries: [entry(2, 2), entry(3, 2), entry(4, 2)] });
  append(bench, { term: 3, prevIndex: 2, prevTerm: 2, entries: [entry(3, 3)] });
  assert.deepEqual(terms(bench), [1, 2, 3]);
  assert.deepEqual(
    bench.disk.entries.map(({ term }) => term),
    [1, 2, 3],
  );
});

test('a late message with old entries removes nothing', () => {
  const bench = member(3);
  append(bench, { entries: [entry(2, 2), entry(3, 2)] });
  assert.ok(append(bench, { entries: [entry(2, 2)] }).isSuccess);
  assert.deepEqual(terms(bench), [1, 2, 2]);
});

test('what is committed is applied when it is durable, and no further than was compared', () => {
  const bench = member(3);
  append(bench, { entries: [entry(2, 2), entry(3, 2)] });
  append(bench, { term: 3, prevIndex: 2, prevTerm: 2, leaderCommit: 9 });
  assert.equal(bench.state.commitIndex, 2, 'entry 3 may not be the new leader’s');
  assert.deepEqual(
    bench.applied.map(({ index }) => index),
    [1, 2],
  );
});

test('an answer waits until its entries are durable, a heartbeat does not', () => {
  const bench = member(3);
  append(bench, {});
  const entries = [entry(2, 2)];
  bench.raft.step(0, { kind: 'asked', ticket: 90, request: { ...base, entries, leaderCommit: 2 } });
  const batch = bench.raft.ready();
  assert.deepEqual([batch.send, batch.apply.length], [[], 1], 'only the entry that is durable');
  assert.equal(batch.write?.thenSend.length, 1);
  const heartbeat = { kind: 'heartbeat', term: 2, leader: '10.0.0.2:8300' } as const;
  bench.raft.step(0, { kind: 'asked', ticket: 91, request: heartbeat });
  assert.equal(bench.raft.ready().send.length, 1);
});

test('what comes while a write is under way is one write afterwards', () => {
  const bench = member(3);
  const ask = (ticket: number, index: number): void => {
    const request = {
      ...base,
      prevIndex: index - 1,
      prevTerm: index === 2 ? 1 : 2,
      entries: [entry(index, 2)],
    };
    bench.raft.step(0, { kind: 'asked', ticket, request });
  };
  ask(1, 2);
  const first = bench.raft.ready();
  ask(2, 3);
  ask(3, 4);
  assert.equal(bench.raft.ready().write, undefined);
  bench.keep(first);
  const second = bench.raft.ready();
  assert.deepEqual([second.write?.entries.length, second.write?.thenSend.length], [2, 2]);
});

test('entries that are replaced while they are being written do not become durable by that write', () => {
  const bench = member(3);
  const entries = [entry(2, 2), entry(3, 2)];
  bench.raft.step(0, { kind: 'asked', ticket: 1, request: { ...base, entries } });
  const first = bench.raft.ready();
  const other = { ...base, term: 3, prevIndex: 2, prevTerm: 2, entries: [entry(3, 3)] };
  bench.raft.step(0, { kind: 'asked', ticket: 2, request: other });
  bench.keep(first);
  assert.equal(bench.state.log.stableIndex, 2);
  bench.settle();
  assert.equal(bench.state.log.stableIndex, 3);
  assert.deepEqual(
    bench.disk.entries.map(({ term }) => term),
    [1, 2, 3],
  );
});

test('a leader of an earlier term is refused and learns the term', () => {
  const bench = member(3);
  append(bench, { term: 5 });
  assert.deepEqual([append(bench, {}).isSuccess, append(bench, {}).term], [false, 5]);
});

test('an entry that is committed is never replaced, whoever says so', () => {
  const bench = member(3);
  append(bench, { entries: [entry(2, 2)], leaderCommit: 2 });
  append(bench, { term: 9, prevIndex: 0, prevTerm: 0, entries: [entry(1, 8), entry(2, 8)] });
  assert.deepEqual(terms(bench), [1, 2]);
});

test('a configuration is in force as soon as it is in the log, and no longer than it is', () => {
  const donor = leader(3);
  donor.raft.changeConfiguration({
    command: 'add-nonvoter',
    id: 's4',
    address: '10.0.0.4:8300',
    prevIndex: 0,
  });
  const change: LogEntry = { ...(donor.state.log.entryAt(3) as LogEntry), index: 2 };
  const bench = member(3);
  append(bench, { entries: [change] });
  assert.equal(bench.state.membership.latest.servers.length, 4);
  assert.ok(!bench.state.membership.isStable);
  append(bench, { term: 3, entries: [entry(2, 3)] });
  assert.deepEqual(bench.state.membership.latest, voters(3));
});

test('of two configurations in the log the first is committed, and in force when the second goes', () => {
  const change = (index: number, servers: number): LogEntry => ({
    ...entry(index, 2),
    type: 'configuration',
    data: encodeConfiguration(voters(servers)),
  });
  const bench = member(3);
  append(bench, { entries: [change(2, 4), change(3, 5)] });
  assert.deepEqual(bench.state.membership.committed, voters(4));
  append(bench, { term: 3, prevIndex: 2, prevTerm: 2, entries: [entry(3, 3)] });
  assert.deepEqual(bench.state.membership.latest, voters(4));
});

test('an answer in a new term waits until the term is durable', () => {
  const bench = member(3);
  const heartbeat = { kind: 'heartbeat', term: 5, leader: '10.0.0.2:8300' } as const;
  bench.raft.step(0, { kind: 'asked', ticket: 1, request: heartbeat });
  const batch = bench.raft.ready();
  assert.deepEqual([batch.send, batch.write?.thenSend.length], [[], 1]);
  bench.raft.step(0, { kind: 'asked', ticket: 2, request: heartbeat });
  assert.deepEqual(bench.raft.ready().send, [], 'it is still being written');
  bench.keep(batch);
  bench.settle();
  assert.equal(bench.replies.length, 2);
});
