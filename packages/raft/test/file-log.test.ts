// The log's files: whatever happens to the power, to a write or to the bytes, what was acknowledged is there
// again, or the log is refused. Never anything between the two.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSegment } from '@reeve/raft';
import type { LogEntry, Write } from '@reeve/raft/core';
import { SeededRandom } from '@reeve/runtime/virtual';
import { entry } from './core-kit.ts';
import { nothing } from './log-kit.ts';
import { LogModel, VirtualLog } from './virtual-log.ts';

/** A write such as a server makes, to a log like this one. */
function randomWrite(
  random: SeededRandom,
  { firstIndex, lastIndex }: LogModel,
  term: number,
): Partial<Write> {
  const kind = random.below(10);
  const votes = random.float() < 0.3 ? { hardState: { term, votedFor: `s${random.below(3)}:8300` } } : {};
  if (kind === 0) {
    const from = lastIndex + 1 + random.below(50);
    return { ...votes, removeFrom: firstIndex, entries: randomEntries(random, from, term) };
  }
  const isEmpty = lastIndex < firstIndex;
  const removeFrom =
    kind <= 2 && !isEmpty ? firstIndex + random.below(lastIndex + 1 - firstIndex) : undefined;
  const next = removeFrom ?? lastIndex + 1;
  const removeTo = kind === 3 && next > firstIndex ? firstIndex + random.below(next - firstIndex) : 0;
  return { ...votes, removeFrom, removeTo, entries: kind === 4 ? [] : randomEntries(random, next, term) };
}

function randomEntries(random: SeededRandom, from: number, term: number): LogEntry[] {
  return Array.from({ length: random.below(5) }, (_, i) => {
    const bytes = random.float() < 0.2 ? random.below(2_000) : random.below(100);
    const text = ['\0', 'x', 'not yet\n'][random.below(3)] ?? '';
    return entry(from + i, term, text.repeat(Math.ceil(bytes / text.length)));
  });
}

function withRandom(log: VirtualLog, seed: number): SeededRandom {
  const random = new SeededRandom(seed);
  log.host.files.keepsSector = () => random.float() < 0.5;
  return random;
}

test('after a restart the log is what it was, whatever was written, removed and begun anew', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const log = new VirtualLog();
    const random = withRandom(log, seed);
    const model = new LogModel();
    assert.equal(log.open(), undefined);
    for (let term = 1; term <= 60; term++) {
      const write = randomWrite(random, model, term);
      assert.equal(log.write(write), undefined);
      model.apply(write);
      if (random.float() < 0.2) {
        log.close();
        assert.equal(log.open(), undefined);
      }
      assert.deepEqual(log.content, model.content, `seed ${seed}, write ${term}`);
    }
  }
});

test('a power cut keeps every write that was acknowledged; the last one is there whole or not at all', () => {
  let kept = 0;
  let lost = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const log = new VirtualLog();
    const random = withRandom(log, seed);
    let model = new LogModel();
    log.open();
    for (let term = 1; term <= 60; term++) {
      const write = randomWrite(random, model, term);
      const after = model.clone();
      after.apply(write);
      const isCut = random.float() < 0.5;
      const isAcknowledged = isCut
        ? log.writeAndLosePower(write, random.float() * 0.5)
        : log.write(write) === undefined;
      if (isCut) assert.equal(log.open(), undefined, `seed ${seed}, write ${term}`);
      const isKept = isAcknowledged || isSame(log, after);
      if (isKept) model = after;
      if (!isAcknowledged && isKept) kept++;
      if (!isKept) lost++;
      assert.deepEqual(log.content, model.content, `seed ${seed}, write ${term}`);
    }
  }
  assert.ok(kept > 20 && lost > 100, `${kept} kept and ${lost} lost prove little`);
});

test('a write that fails may be tried again, or another one, and a power cut may come before', () => {
  let failed = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const log = new VirtualLog();
    const random = withRandom(log, seed);
    let model = new LogModel();
    /** With what failed since: all of it may be on the disk. */
    let possible: LogModel[] = [];
    let chance = 0;
    log.host.files.fault = () => (random.float() < chance ? 'EIO' : undefined);
    log.open();
    for (let term = 1; term <= 60; term++) {
      const write = randomWrite(random, model, term);
      const after = model.clone();
      after.apply(write);
      chance = 0.4;
      let error = log.write(write);
      chance = 0;
      if (error !== undefined) {
        failed++;
        assert.match(error, /^\w+ \/raft\/log-\d+: input\/output error$/);
        possible.push(after);
        if (random.float() < 0.4) {
          log.losePower();
          assert.equal(log.open(), undefined, `seed ${seed}, write ${term}`);
          model = possible.find((each) => isSame(log, each)) ?? model;
          possible = [];
        } else if (random.float() < 0.5) error = log.write(write);
      }
      if (error === undefined) {
        model = after;
        possible = [];
      }
      assert.deepEqual(log.content, model.content, `seed ${seed}, write ${term}`);
    }
  }
  assert.ok(failed > 300, `${failed} failures prove little`);
});

function isSame(log: VirtualLog, model: LogModel): boolean {
  return JSON.stringify(log.content) === JSON.stringify(model.content);
}

/** A log of three segments, with entries removed at both ends. */
function usedLog(): { readonly log: VirtualLog; readonly model: LogModel } {
  const log = new VirtualLog();
  const model = new LogModel();
  log.open();
  for (let i = 0; i < 12; i++) {
    const next = model.lastIndex + 1;
    const entries = [entry(next, i), entry(next + 1, i, 'x'.repeat(200)), entry(next + 2, i)];
    const hardState = { term: i, votedFor: 's2:8300' };
    const write = { hardState, removeFrom: i === 4 ? next - 2 : undefined, removeTo: i === 5 ? 2 : 0 };
    const changes =
      i === 4
        ? { ...write, entries: entries.map((e) => ({ ...e, index: e.index - 2 })) }
        : { ...write, entries };
    assert.equal(log.write(changes), undefined);
    model.apply(changes);
  }
  assert.equal(log.segments.length, 3);
  log.close();
  return { log, model };
}

/** Opens a log with other bytes in a file: it is as it was, or is refused with the file and what to do. */
function openDamaged({ log, model }: ReturnType<typeof usedLog>, path: string, bytes: Uint8Array): string {
  const original = log.host.files.read(path) ?? new Uint8Array();
  log.host.files.write(path, bytes);
  const refusal = log.open();
  if (refusal === undefined) {
    assert.deepEqual(log.content, model.content);
    log.close();
  } else assert.match(refusal, refusalPattern);
  log.host.files.write(path, original);
  return refusal ?? '';
}

const refusalPattern =
  /^\/raft\/log-\d: the raft log cannot be used: .*; or, if the other servers have a leader, remove \/raft/;

test('a file that is cut off anywhere in what was acknowledged is refused', () => {
  const used = usedLog();
  for (const path of used.log.segments) {
    const bytes = used.log.host.files.read(path) ?? new Uint8Array();
    const end = Buffer.from(bytes).lastIndexOf('command');
    let refused = 0;
    for (let length = 0; length < bytes.length; length++)
      if (openDamaged(used, path, bytes.slice(0, length)) !== '') refused = length;
    assert.ok(refused > end, `${path}: cut at byte ${refused}, the last entry lies at ${end}`);
  }
});

test('a bit that has flipped is never taken for what was written', () => {
  const used = usedLog();
  for (const path of used.log.segments) {
    const bytes = used.log.host.files.read(path) ?? new Uint8Array();
    const end = Buffer.from(bytes).lastIndexOf('command');
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const refusal = openDamaged(used, path, flipped);
      if (at < end) assert.notEqual(refusal, '', `${path}, byte ${at}`);
    }
  }
});

test('a sector that the disk said it had written is missed as soon as there was a later write', () => {
  const used = usedLog();
  for (const path of used.log.segments) {
    const bytes = used.log.host.files.read(path) ?? new Uint8Array();
    const isNewest = path === used.log.segments.at(-1);
    const lastWrite = readSegment(bytes).frames.at(-1)?.position ?? 0;
    for (let at = 0; at + 512 <= (isNewest ? lastWrite : bytes.length - 1_024); at += 512) {
      const lost = bytes.slice();
      lost.set(Buffer.from('not yet\n'.repeat(64)), at);
      assert.notEqual(openDamaged(used, path, lost), '', `${path}, byte ${at}`);
    }
  }
});

test('a file that has got lost is missed, the newest one too', () => {
  const { log } = usedLog();
  for (const path of log.segments) {
    const bytes = log.host.files.read(path) ?? new Uint8Array();
    log.host.files.remove(path);
    assert.match(log.open() ?? '', refusalPattern, path);
    log.host.files.write(path, bytes);
  }
  assert.equal(log.open(), undefined);
});

test('files whose names are exchanged are refused', () => {
  const { log } = usedLog();
  const [first = '', second = ''] = log.segments;
  const [one, other] = [log.host.files.read(first), log.host.files.read(second)];
  assert.ok(one && other);
  log.host.files.write(first, other);
  log.host.files.write(second, one);
  assert.match(log.open() ?? '', refusalPattern);
});

test('an older copy of a file is refused when later writes were in it', () => {
  const log = new VirtualLog();
  log.open();
  const { files } = log.host;
  const copies: (readonly [path: string, bytes: Uint8Array])[] = [];
  for (let index = 1; log.segments.length < 3; index++) {
    log.write({ entries: [entry(index, 1, 'x'.repeat(500))] });
    if (log.segments.length === 1)
      copies.push(['/raft/log-1', files.read('/raft/log-1')?.slice() ?? assert.fail()]);
  }
  log.close();
  copies.pop(); // the last one may be all of it
  assert.ok(copies.length > 1);
  for (const [path, bytes] of copies) {
    files.write(path, bytes);
    assert.match(log.open() ?? '', /log-2: the raft log cannot be used: writes before it are missing/);
  }
});

test('bytes that are no log are refused, and left as they are', () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(4_096), Buffer.from('not yet\n'.repeat(512))]) {
    const log = new VirtualLog();
    log.host.files.write('/raft/log-1', bytes);
    assert.match(log.open() ?? '', /log-1: the raft log cannot be used: it does not begin as a log does/);
    assert.ok(Buffer.from(bytes).equals(log.host.files.read('/raft/log-1') ?? new Uint8Array(1)));
  }
});

test('files in which nothing counts any more go; one that a crash brings back goes again', () => {
  const log = new VirtualLog();
  log.open();
  const text = 'x'.repeat(500);
  let first: Uint8Array | undefined;
  for (let index = 1; index <= 40; index++) {
    log.write({ entries: [entry(index, 1, text)], removeTo: index - 3 });
    first ??= log.segments.length === 2 ? log.host.files.read('/raft/log-1') : undefined;
    assert.ok(log.segments.length <= 3);
  }
  const { content } = log;
  log.close();
  const before = log.segments;
  assert.ok(first && !before.includes('/raft/log-1'));
  log.host.files.write('/raft/log-1', first);
  log.host.files.write('/raft/log-9.0123abcd.new', new Uint8Array(100));
  assert.equal(log.open(), undefined);
  assert.deepEqual(log.content, content);
  assert.deepEqual(log.segments, before);
});

test('an entry whose bytes change while the log is open is refused when it is read', () => {
  const log = new VirtualLog();
  log.open();
  log.write({ entries: [entry(1, 1), entry(2, 1)] });
  const bytes = Buffer.from(log.host.files.read('/raft/log-1') ?? []);
  log.host.files.get('/raft/log-1')?.beginWrite(bytes.indexOf('command 2'), Buffer.from('C'));
  log.host.files.get('/raft/log-1')?.endWrite();
  assert.throws(
    () => log.store?.read(2),
    /^RaftError: \/raft\/log-1: the raft log cannot be used: a checksum/,
  );
  assert.equal(log.store?.read(1)?.index, 1);
});

test('entries of any size are read in any order, while others are written', () => {
  const log = new VirtualLog({ segmentBytes: 1 << 20, roomBytes: 1 << 16 });
  const random = new SeededRandom(1);
  log.open();
  const texts = Array.from({ length: 200 }, (_, i) =>
    `${i} `.repeat(random.below(i % 10 === 0 ? 40_000 : 200)),
  );
  for (const [i, text] of texts.entries()) {
    assert.equal(log.write({ entries: [entry(i + 1, 1, text)] }), undefined);
    for (const at of [i, random.below(i + 1), Math.max(i - 1, 0)])
      assert.equal(Buffer.from(log.store?.read(at + 1)?.data ?? []).toString(), texts[at]);
  }
  assert.ok(log.segments.length > 1);
});

test('the log of an older version is refused, with what to do', () => {
  const log = new VirtualLog();
  log.host.files.write('/raft/log.mdb', new Uint8Array(100));
  assert.match(
    log.open() ?? '',
    /^\/raft\/log\.mdb: this is the log of an older version .* remove \/raft and start again/,
  );
});

test('a store that is closed while it writes tells nobody, and is closed when the disk is done', () => {
  const log = new VirtualLog();
  log.open();
  log.host.files.writeMs = () => 50;
  let isTold = false;
  log.store?.write({ ...nothing, entries: [entry(1, 1)] }, () => {
    isTold = true;
  });
  const since = log.world.now;
  log.close();
  assert.ok(log.world.now - since >= 50);
  assert.equal(isTold, false);
  log.open();
  assert.equal(log.store?.lastIndex, 1);
});

test('a write is one call of the disk, unless there is no room for it', () => {
  const log = new VirtualLog({ segmentBytes: 1 << 20, roomBytes: 1 << 16 });
  log.open();
  let calls = 0;
  log.host.files.fault = () => {
    calls++;
    return undefined;
  };
  const callsOf = (bytes: number): number => {
    calls = 0;
    log.write({ entries: [entry((log.store?.lastIndex ?? 0) + 1, 1, 'x'.repeat(bytes))] });
    return calls;
  };
  callsOf(1);
  assert.deepEqual([callsOf(10), callsOf(1_000), callsOf(70_000), callsOf(10)], [1, 1, 2, 1]);
});
