// The snapshot file: what is written, what is read, what a crash leaves. Upstream: snapshot.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlain, readTranscript } from '@reeve/golden';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import type { MemberEventKind, SerfEvent } from '@reeve/serf/core';
import { LamportClock } from '../dist/core/lamport-clock.js';
import { openSnapshot, type Snapshot, type SnapshotOptions, snapshotTickMs } from '../dist/core/snapshot.js';
import { replaySnapshot, type SnapshotContent } from '../dist/core/snapshot-replay.js';
import { bytesOf, textOf } from './support/bytes.js';

test('[64] members and clocks are recorded line by line as the original does', () => {
  const { world, record, clock, text } = open();
  record(member('member-join', 'alpha', '127.0.7.1'));
  clock.witness(1);
  record(member('member-join', 'beta', '127.0.7.2'));
  record({ kind: 'user', name: 'deploy', payload: bytesOf(''), lTime: 1, coalesce: true });
  record({ kind: 'user', name: 'deploy', payload: bytesOf('late'), lTime: 1, coalesce: true });
  record(query(7));
  record(query(6));
  clock.witness(5);
  record(member('member-failed', 'beta', '127.0.7.2'));
  record(member('member-leave', 'beta', '127.0.7.2'));
  record(member('member-update', 'alpha', '127.0.7.1'));
  record(member('member-reap', 'beta', '127.0.7.2'));
  world.run(snapshotTickMs);
  assert.deepEqual(text().split('\n'), [
    'alive: alpha 127.0.7.1:7946',
    'alive: beta 127.0.7.2:7946',
    'clock: 1',
    'event-clock: 1',
    'query-clock: 7',
    'not-alive: beta',
    'clock: 5',
    'not-alive: beta',
    '',
  ]);
});

test('[64] a file of the original replays to the members and clocks it tells of', () => {
  const { content } = replayGolden('file-line-sequence');
  assert.deepEqual([...content.alive], [], 'it ends with a goodbye');
  assert.deepEqual([content.clock, content.eventClock, content.queryClock], [24, 0, 0]);
  const rejoining = replayGolden('file-line-sequence', true);
  assert.deepEqual(
    [...rejoining.content.alive],
    [
      ['alpha', '127.0.7.1:7946'],
      ['gamma', '127.0.7.3:7946'],
    ],
  );
  assert.deepEqual([rejoining.content.eventClock, rejoining.content.queryClock], [4, 17]);
  assert.deepEqual(rejoining.logged, ['[info] Ignoring previous leave in snapshot']);
});

test('[64] odd lines are skipped with the warnings of the original', () => {
  const text = [
    '# a comment',
    'coordinate: {}',
    'something unknown',
    'clock: abc',
    'alive: badline',
    'alive: name with spaces 127.0.7.97:7946',
    'clock: 10',
    'event-clock: 20',
    'query-clock: 30',
    'event-clock: 99999999999999999999',
    'alive: cut off',
  ].join('\n');
  const { content, logged } = replay(bytesOf(text));
  const warnings = readTranscript('snapshot/replay-odd-lines-and-compaction-agent-log')
    .stdout.split('\n')
    .filter((line) => line.includes('[WARN] serf:'))
    .map((line) => line.replace(/^.*\[WARN\] serf: /, '[warn] '))
    .slice(0, 3);
  assert.deepEqual(logged.slice(0, 3), warnings);
  assert.match(logged[3] ?? '', /event clock time: .*value out of range$/);
  assert.deepEqual([...content.alive], [['name with spaces', '127.0.7.97:7946']]);
  assert.deepEqual([content.clock, content.eventClock, content.queryClock], [10, 20, 30]);
  assert.equal(content.isTorn, true);
});

test('a line of a megabyte is one short log line', () => {
  const { logged } = replay(bytesOf(`${'x'.repeat(1_000_000)}\n`));
  assert.equal(logged.length, 1);
  assert.ok((logged[0] ?? '').length < 400);
});

test('[66] a goodbye is written and synced at once; after it only the clock is recorded', () => {
  const { world, host, snapshot, record, clock, text } = open();
  record(member('member-join', 'alpha', '127.0.7.1'));
  snapshot.leave();
  clock.witness(1);
  record(member('member-leave', 'alpha', '127.0.7.1'));
  world.run(10);
  host.crash({ keepUnsyncedBytes: 0 });
  assert.equal(text(), 'alive: alpha 127.0.7.1:7946\nleave\n');
});

test('who comes and goes after our goodbye is not recorded, and no event or query is', () => {
  const { world, snapshot, record, clock, text } = open();
  snapshot.leave();
  clock.witness(1);
  record(member('member-join', 'beta', '127.0.7.2'));
  record({ kind: 'user', name: 'deploy', payload: bytesOf(''), lTime: 4, coalesce: true });
  record(query(7));
  record(member('member-failed', 'beta', '127.0.7.2'));
  world.run(snapshotTickMs);
  assert.equal(text(), 'leave\nclock: 1\n');
});

test('[66] after a goodbye nobody is remembered, unless rejoining after it was wanted', () => {
  const file = bytesOf('alive: seed 10.0.0.1:7946\nclock: 9\nevent-clock: 4\nleave\nclock: 10\n');
  const gone = replay(file).content;
  assert.deepEqual([gone.alive.size, gone.clock, gone.eventClock], [0, 10, 0]);
  const back = replay(file, true).content;
  assert.deepEqual([back.alive.size, back.clock, back.eventClock], [1, 10, 4]);
});

test('a crash loses no more than the last half second', () => {
  const { world, host, record, text } = open();
  record(member('member-join', 'alpha', '127.0.7.1'));
  world.run(snapshotTickMs + 1);
  record(member('member-join', 'beta', '127.0.7.2'));
  host.crash();
  assert.equal(text(), 'alive: alpha 127.0.7.1:7946\n');
});

test('closing writes what waits', () => {
  const { world, snapshot, record, clock, text } = open();
  record(member('member-join', 'alpha', '127.0.7.1'));
  clock.witness(3);
  let isClosed = false;
  snapshot.close(() => {
    isClosed = true;
  });
  assert.ok(world.runUntil(() => isClosed, 1_000));
  assert.equal(text(), 'alive: alpha 127.0.7.1:7946\nclock: 3\n');
});

test('a name with a line break cannot forge lines', () => {
  const { world, record, text } = open();
  record(member('member-join', 'evil\nleave', '127.0.7.1'));
  world.run(snapshotTickMs);
  assert.equal(text(), '');
});

test('[65] above 128 KiB the file is compacted to who is alive and three clocks, and keeps its mode', () => {
  const filler = `# ${'x'.repeat(97)}\n`.repeat(1_311);
  const known = 'alive: name with spaces 127.0.7.97:7946\nclock: 10\nevent-clock: 20\nquery-clock: 30\n';
  const { world, host, record, text } = open(known + filler);
  record(member('member-join', 'cs', '127.0.7.65'));
  world.run(100);
  const golden = readPlain('snapshot/after-compaction').text;
  assert.deepEqual(text().split('\n').sort(), golden.split('\n').sort());
  assert.deepEqual(text().split('\n').slice(2), golden.split('\n').slice(2), 'clocks come last');
  assert.equal(host.files.get(path)?.mode, 0o644);
  record(member('member-join', 'next', '127.0.7.66'));
  world.run(snapshotTickMs);
  assert.match(text(), /alive: next 127\.0\.7\.66:7946\n$/);
});

test('a goodbye outlives a compaction, also that of a node which was to rejoin and then is not', () => {
  const filler = `# ${'x'.repeat(97)}\n`.repeat(1_311);
  const known = 'alive: alpha 127.0.7.1:7946\nclock: 10\n';
  const { world, snapshot, text } = open(known + filler, { rejoinAfterLeave: true });
  snapshot.leave();
  world.run(100);
  assert.ok(text().length < filler.length, 'it was compacted');
  assert.deepEqual([...replay(bytesOf(text())).content.alive], []);
  assert.deepEqual([...replay(bytesOf(text()), true).content.alive], [['alpha', '127.0.7.1:7946']]);
});

test('[65] a file of many members may be larger before it is compacted', () => {
  const { world, record, text } = open();
  for (let i = 0; i < 3_000; i++)
    record(member('member-join', `node-with-a-rather-long-name-${i}`, '127.0.7.65'));
  world.run(snapshotTickMs);
  assert.ok(text().length > 128 * 1024);
});

test('a torn last line is cleaned away, so that the next line does not continue it', () => {
  const { world, record, text } = open('alive: alpha 127.0.7.1:7946\nalive: beta 127.0');
  record(member('member-join', 'gamma', '127.0.7.3'));
  world.run(snapshotTickMs);
  const { content } = replay(bytesOf(text()));
  assert.deepEqual([...content.alive.keys()], ['alpha', 'gamma']);
  assert.equal(content.isTorn, false);
});

test('when writing fails a compaction is tried, at most every 30 seconds, and recovers everything', () => {
  const { world, host, record, text } = open();
  host.files.fault = (call) => (call === 'write' || call === 'open' ? 'ENOSPC' : undefined);
  for (let i = 0; i < 10; i++) {
    record(member('member-join', `web${i}`, '127.0.7.1'));
    world.run(1_000);
  }
  const attempts = host.logLines.filter((line) =>
    line.includes('Attempting compaction to recover from error...'),
  );
  assert.equal(attempts.length, 1);
  assert.match(host.logLines[0] ?? '', /^\[ERR\] serf: Failed to update snapshot: /);
  assert.ok(
    host.logLines.some((line) => line.includes('serf: Compaction failed, will reattempt after 30s: ')),
  );
  host.files.fault = () => undefined;
  world.run(25_000);
  record(member('member-join', 'last', '127.0.7.1'));
  world.run(1_000);
  assert.match(
    host.logLines.at(-1) ?? '',
    /serf: Finished compaction, successfully recovered from error state$/,
  );
  assert.equal(replay(bytesOf(text())).content.alive.size, 11);
});

test('a snapshot that cannot be opened fails the start in the original words', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime, files } = world.host('10.0.0.1');
  files.makeDirectory('/var');
  files.write('/var/large', new Uint8Array(options.bytesMax + 1));
  for (const [path, reason] of [
    ['/nonexistent/dir/x', 'open /nonexistent/dir/x: no such file or directory'],
    ['/var', 'open /var: is a directory'],
    ['/var/large', 'read /var/large: file too large'],
  ] as const) {
    let message: string | undefined;
    openSnapshot({ ...options, path, clock: new LamportClock() }, runtime, (opened) => {
      message = opened.ok ? 'opened' : opened.error.message;
    });
    world.run(100);
    assert.equal(message, `Failed to setup snapshot: failed to open snapshot: ${reason}`);
  }
});

const path = '/var/serf.snap';
const options = { path, bytesMax: 1e7, rejoinAfterLeave: false };

/** An open snapshot whose file held this text before. */
function open(before?: string, more: Partial<SnapshotOptions> = {}) {
  const world = new VirtualWorld({ seed: 1 });
  const host: VirtualHost = world.host('10.0.0.1');
  host.files.makeDirectory('/var');
  if (before !== undefined) host.files.write(path, bytesOf(before));
  const clock = new LamportClock();
  const { runtime } = host;
  let snapshot: Snapshot | undefined;
  openSnapshot({ ...options, ...more, clock }, runtime, (opened) => {
    assert.ok(opened.ok);
    snapshot = opened.value.snapshot;
    clock.witness(opened.value.content.clock);
  });
  assert.ok(world.runUntil(() => snapshot !== undefined, 1_000));
  assert.ok(snapshot);
  const opened = snapshot;
  const tick = (): void => {
    opened.tick();
    runtime.timers.after(snapshotTickMs, tick);
  };
  runtime.timers.after(snapshotTickMs - 1, tick);
  return {
    world,
    host,
    clock,
    snapshot: opened,
    record: (event: SerfEvent) => opened.record(event),
    text: () => textOf(host.files.read(path) ?? new Uint8Array()),
  };
}

function replay(file: Uint8Array, rejoinAfterLeave = false): { content: SnapshotContent; logged: string[] } {
  const logged: string[] = [];
  const content = replaySnapshot(file, rejoinAfterLeave, (level, text) => logged.push(`[${level}] ${text}`));
  return { content, logged };
}

function replayGolden(name: string, rejoinAfterLeave = false) {
  return replay(bytesOf(readPlain(`snapshot/${name}`).text), rejoinAfterLeave);
}

function member(kind: MemberEventKind, name: string, host: string): SerfEvent {
  const versions = {
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 5,
  };
  return { kind, members: [{ name, host, port: 7946, tags: new Map(), status: 'alive', ...versions }] };
}

function query(lTime: number): SerfEvent {
  return {
    kind: 'query',
    name: 'load',
    payload: bytesOf(''),
    lTime,
    sourceNode: '',
    deadlineMs: 0,
    respond() {},
  };
}
