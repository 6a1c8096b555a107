// Snapshots and what they make superfluous. Raft paper, section 7; hashicorp/raft snapshot.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeConfiguration, type SnapshotMeta } from '@reeve/raft/core';
import { Bench, type Bench as Core, entry, leader, member, voters } from './core-kit.ts';

const snapshot: SnapshotMeta = {
  index: 20,
  term: 3,
  configuration: voters(3),
  configurationIndex: 1,
  sizeBytes: 5,
};
const install = { kind: 'install-snapshot', term: 4, leader: '10.0.0.2:8300', snapshot } as const;

function withCommands(bench: Core, commands: number): Core {
  for (let i = 0; i < commands; i++) bench.raft.propose('command', Buffer.from('x'));
  return bench.settle().agree();
}

test('a snapshot leaves as many entries as late followers may want', () => {
  const bench = withCommands(leader(3, { config: { trailingLogs: 4, snapshotThreshold: 10 } }), 10);
  assert.ok(bench.raft.isSnapshotDue);
  const meta = bench.raft.describeSnapshot();
  assert.deepEqual([meta?.index, meta?.term, meta?.configurationIndex], [12, 2, 1]);
  if (meta !== undefined) bench.raft.onSnapshotTaken(meta);
  bench.settle();
  assert.deepEqual([bench.state.log.firstIndex, bench.state.log.lastIndex], [9, 12]);
  assert.deepEqual([bench.disk.firstIndex, bench.disk.entries.length], [9, 4]);
  assert.ok(!bench.raft.isSnapshotDue);
});

test('a snapshot never takes entries behind it', () => {
  const bench = withCommands(leader(3, { config: { trailingLogs: 0 } }), 3);
  const meta = bench.raft.describeSnapshot();
  withCommands(bench, 3);
  if (meta !== undefined) bench.raft.onSnapshotTaken(meta);
  bench.settle();
  assert.deepEqual([bench.state.log.firstIndex, bench.state.log.lastIndex], [6, 8]);
  assert.equal(bench.state.log.termAt(5), 2, 'the end of the snapshot is still known');
});

test('a follower whose next entry is gone is sent the snapshot, and then what follows it', () => {
  const bench = withCommands(leader(3, { config: { trailingLogs: 0 } }), 10);
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  const [late] = bench.take('append-entries', 's3');
  bench.appended(bench.take('append-entries', 's2')[0]);
  const meta = bench.raft.describeSnapshot();
  if (meta !== undefined) bench.raft.onSnapshotTaken(meta);
  bench.settle();
  bench.appended(late, false, 0);
  const [ask] = bench.take('install-snapshot', 's3');
  assert.equal(ask?.request.snapshot.index, 13);
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  assert.deepEqual(bench.take('append-entries', 's3'), [], 'nothing else goes meanwhile');
  if (ask !== undefined) bench.answer(ask, { kind: 'snapshot-answer', term: 2, isSuccess: true });
  const [next] = bench.take('append-entries', 's3');
  assert.deepEqual([next?.request.prevIndex, next?.request.entries.length], [13, 1]);
});

test('a snapshot that a follower does not take is sent again, after a while', () => {
  const bench = withCommands(leader(3, { config: { trailingLogs: 0 } }), 3);
  const meta = bench.raft.describeSnapshot();
  if (meta !== undefined) bench.raft.onSnapshotTaken(meta);
  bench.raft.propose('command', Buffer.from('x'));
  bench.settle();
  bench.appended(bench.take('append-entries', 's3')[0], false, 0);
  const [ask] = bench.take('install-snapshot', 's3');
  if (ask !== undefined) bench.answer(ask, { kind: 'snapshot-answer', term: 2, isSuccess: false });
  assert.deepEqual(bench.take('install-snapshot', 's3'), []);
  bench.pass(10);
  assert.equal(bench.take('install-snapshot', 's3').length, 1);
});

test('a follower is not sent what an operator has restored before it is restored here', () => {
  const bench = leader(3);
  bench.raft.adoptSnapshot({ ...snapshot, term: 2 });
  const batch = bench.raft.ready();
  assert.equal(batch.restore?.index, 20);
  bench.raft.ready();
  assert.deepEqual(
    bench.asks.filter(({ request }) => request.kind === 'install-snapshot'),
    [],
  );
  bench.raft.onApplied();
  bench.settle();
  assert.equal(bench.take('install-snapshot', 's3').length, 1);
});

test('a snapshot counts as applied when the state machine has it, not when it has come', () => {
  const restarted = new Bench({ hardState: { term: 3, votedFor: '' }, snapshot });
  assert.equal(restarted.raft.ready().restore, snapshot);
  assert.equal(restarted.state.appliedIndex, 0);
  restarted.raft.onApplied();
  assert.equal(restarted.state.appliedIndex, snapshot.index);

  const bench = member(3);
  bench.raft.step(0, { kind: 'asked', ticket: 1, request: install });
  assert.equal(bench.raft.ready().restore, snapshot);
  assert.deepEqual([bench.state.commitIndex, bench.state.appliedIndex], [20, 0]);
  bench.raft.onApplied();
  assert.equal(bench.state.appliedIndex, 20);
});

test('an installed snapshot replaces a log that does not reach it', () => {
  const bench = member(3);
  assert.deepEqual(bench.hear(install), { kind: 'snapshot-answer', term: 4, isSuccess: true });
  assert.deepEqual(bench.restored, [snapshot]);
  const { log, commitIndex, appliedIndex } = bench.state;
  assert.deepEqual([log.firstIndex, log.lastIndex, log.lastTerm], [21, 20, 3]);
  assert.deepEqual([commitIndex, appliedIndex], [20, 20]);
  assert.deepEqual(bench.disk.entries, []);
  const append = {
    kind: 'append-entries',
    term: 4,
    leader: '10.0.0.2:8300',
    prevIndex: 20,
    prevTerm: 3,
  } as const;
  bench.hear({ ...append, entries: [entry(21, 4)], leaderCommit: 21 });
  assert.deepEqual([bench.disk.firstIndex, bench.applied.at(-1)?.index], [21, 21]);
});

test('an installed snapshot keeps what follows it in the log', () => {
  const bench = member(3);
  const entries = Array.from({ length: 24 }, (_, i) => entry(i + 2, 3));
  const append = {
    kind: 'append-entries',
    term: 3,
    leader: '10.0.0.2:8300',
    prevIndex: 1,
    prevTerm: 1,
  } as const;
  bench.hear({ ...append, entries, leaderCommit: 0 });
  bench.hear(install);
  assert.deepEqual([bench.state.log.firstIndex, bench.state.log.lastIndex], [21, 25]);
});

test('an installed snapshot says who belongs to the cluster, unless what follows it does', () => {
  const five = { ...snapshot, configuration: voters(5), configurationIndex: 7 };
  const bench = member(3);
  bench.hear({ ...install, snapshot: five });
  const { membership } = bench.state;
  assert.deepEqual([membership.latest, membership.latestIndex, membership.isStable], [voters(5), 7, true]);

  const ahead = member(3);
  const change = {
    ...entry(22, 3),
    type: 'configuration',
    data: encodeConfiguration(voters(4)),
  } as const;
  const commands = Array.from({ length: 20 }, (_, i) => entry(i + 2, 3));
  ahead.hear({
    kind: 'append-entries',
    term: 3,
    leader: '10.0.0.2:8300',
    prevIndex: 1,
    prevTerm: 1,
    entries: [...commands, change],
    leaderCommit: 0,
  });
  ahead.hear({ ...install, snapshot: five });
  const { latest, latestIndex, committed, committedIndex } = ahead.state.membership;
  assert.deepEqual([latest, latestIndex, committed, committedIndex], [voters(4), 22, voters(5), 7]);
});

test('a snapshot of what is committed already changes nothing, one of an earlier term is refused', () => {
  const bench = member(3);
  bench.hear(install);
  bench.restored = [];
  const old = { ...install, snapshot: { ...snapshot, index: 10 } };
  assert.deepEqual(bench.hear(old), { kind: 'snapshot-answer', term: 4, isSuccess: true });
  assert.deepEqual(bench.hear({ ...install, term: 2 }), {
    kind: 'snapshot-answer',
    term: 4,
    isSuccess: false,
  });
  assert.deepEqual([bench.restored, bench.state.log.lastIndex], [[], 20]);
});

test('a server that starts begins with its snapshot, and keeps the log right behind it', () => {
  const entries = [entry(21, 3), entry(22, 3)];
  const bench = new Bench({ hardState: { term: 3, votedFor: '' }, snapshot, entries }).settle();
  assert.deepEqual(bench.restored, [snapshot]);
  assert.deepEqual([bench.state.log.lastIndex, bench.state.commitIndex], [22, 20]);
  assert.deepEqual(bench.state.membership.latest, voters(3));
  assert.equal(bench.disk.entries.length, 2);
});

test('a log that a snapshot has overtaken, or contradicts, is removed at the start', () => {
  for (const entries of [
    [entry(18, 2), entry(19, 2)],
    [entry(20, 2), entry(21, 2)],
  ]) {
    const bench = new Bench({ hardState: { term: 3, votedFor: '' }, snapshot, entries }).settle();
    assert.deepEqual([bench.state.log.firstIndex, bench.state.log.lastIndex], [21, 20]);
    assert.deepEqual(bench.disk.entries, []);
  }
});

test('a snapshot of our own that a newer one has overtaken changes nothing', () => {
  const bench = member(3);
  bench.hear(install);
  bench.raft.onSnapshotTaken({ ...snapshot, index: 1, term: 1 });
  assert.deepEqual([bench.state.snapshot, bench.state.log.firstIndex], [snapshot, 21]);
});

test('a snapshot says who belonged to the cluster then: not who may belong, nor who does later', () => {
  const bench = leader(3);
  const change = { command: 'add-nonvoter', id: 's4', address: '10.0.0.4:8300', prevIndex: 0 } as const;
  const index = bench.raft.changeConfiguration(change);
  bench.settle();
  const described = bench.raft.describeSnapshot();
  assert.deepEqual([described?.configuration, described?.configurationIndex], [voters(3), 1]);
  bench.agree();
  assert.deepEqual(bench.raft.describeSnapshot()?.configurationIndex, index);

  const follower = member(3);
  const committed = { ...entry(2, 2), type: 'configuration', data: encodeConfiguration(voters(4)) } as const;
  follower.raft.step(0, {
    kind: 'asked',
    ticket: 1,
    request: {
      kind: 'append-entries',
      term: 2,
      leader: '10.0.0.2:8300',
      prevIndex: 1,
      prevTerm: 1,
      entries: [committed],
      leaderCommit: 2,
    },
  });
  assert.equal(follower.raft.describeSnapshot(), undefined, 'it is not applied yet');
});

test('no snapshot is taken while a state is being restored', () => {
  const bench = member(3);
  bench.raft.step(0, { kind: 'asked', ticket: 1, request: install });
  assert.equal(bench.raft.describeSnapshot(), undefined);
});

test('no snapshot is taken while entries are being applied', () => {
  const bench = leader(1);
  bench.raft.propose('command', Buffer.from('x'));
  bench.keep(bench.raft.ready());
  assert.equal(bench.raft.ready().apply.length, 1);
  assert.equal(bench.raft.describeSnapshot(), undefined);
  bench.raft.onApplied();
  assert.equal(bench.raft.describeSnapshot()?.index, bench.state.log.lastIndex);
});
