// Damaged logs and snapshot files.

import assert from 'node:assert/strict';
import { type Codec, DecodeError, encodeWith, gossipDialect, MsgpackReader } from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { openSnapshots, parsePeers, RaftError, readSegment } from '@reeve/raft';
import {
  configurationFlaw,
  decodeSnapshotMeta,
  encodeSnapshotMeta,
  hardStateCodec,
  logEntryCodec,
} from '@reeve/raft/core';
import { type Disk, DiskError } from '@reeve/runtime';
import { entry, voters } from '../core-kit.ts';
import { VirtualLog } from '../virtual-log.ts';

const meta = { index: 9, term: 2, configuration: voters(2), configurationIndex: 1, sizeBytes: 5 };

const entries: FuzzTarget = {
  name: 'raft log entries',
  promise: 'a damaged entry is refused, or is one that can be written again',
  seeds: [encodeWith(logEntryCodec, gossipDialect, entry(2, 2))],
  open: () => ({ run: (input) => assert.ok(again(logEntryCodec, input).length > 0) }),
  refuses: (error) => error instanceof DecodeError,
};

const hardStates: FuzzTarget = {
  name: 'raft terms and votes',
  promise: 'a damaged term and vote is refused, or is one that can be written again',
  seeds: [encodeWith(hardStateCodec, gossipDialect, { term: 300, votedFor: 'a:1' })],
  open: () => ({ run: (input) => assert.ok(again(hardStateCodec, input).length > 0) }),
  refuses: (error) => error instanceof DecodeError,
};

const metas: FuzzTarget = {
  name: 'raft snapshot descriptions',
  promise: 'a damaged description of a snapshot is refused, or is one that can be written again',
  seeds: [encodeSnapshotMeta(meta)],
  open: () => ({
    run: (input) => assert.ok(encodeSnapshotMeta(decodeSnapshotMeta(new MsgpackReader(input))).length > 0),
  }),
  refuses: (error) => error instanceof DecodeError,
};

const files: FuzzTarget = {
  name: 'raft snapshot files',
  promise: 'a damaged snapshot file is refused by its checksum, in one sentence',
  seeds: [writtenFile(), new Uint8Array()],
  open: () => ({
    run: (input) => {
      openSnapshots(diskWith(input), '/raft', (opened) => {
        if (opened.ok) return;
        assert.ok(opened.error instanceof RaftError);
        throw new Refused();
      });
    },
  }),
};

const segments: FuzzTarget = {
  name: 'raft log segments',
  promise: 'a damaged segment of the log is refused, or has writes one behind the other and room behind them',
  seeds: writtenSegments(),
  open: () => ({
    run: (input) => {
      const { frames, end, remainsEnd, blankEnd } = readSegment(input);
      let position = 0;
      for (const frame of frames) {
        assert.equal(frame.position, position);
        position += frame.bytes;
      }
      assert.ok(position === end && end <= remainsEnd && remainsEnd <= blankEnd && blankEnd <= input.length);
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

const newestSegment: FuzzTarget = {
  name: 'raft logs',
  promise: 'a log whose newest segment is damaged is refused with what to do, or is read and written on',
  seeds: writtenSegments().slice(-1),
  open: () => {
    const [oldest] = writtenSegments();
    assert.ok(oldest);
    return {
      run: (input) => {
        const log = new VirtualLog();
        log.host.files.write('/raft/log-1', oldest);
        log.host.files.write('/raft/log-2', input);
        const refusal = log.open();
        if (refusal !== undefined) {
          assert.match(refusal, /^\/raft\/log-\d: the raft log cannot be used: .*start again/s);
          throw new Refused();
        }
        const { lastIndex, hardState, entries } = log.content;
        assert.equal(log.write({ entries: [entry(lastIndex + 1, 7)] }), undefined);
        log.losePower();
        assert.equal(log.open(), undefined);
        assert.deepEqual(log.content.entries.slice(0, -1), entries);
        assert.deepEqual(log.content.hardState, hardState);
      },
    };
  },
};

const peers: FuzzTarget = {
  name: 'raft peers.json',
  promise: 'a damaged peers.json is refused, or names servers that make sense',
  seeds: [Buffer.from('[{"id":"a","address":"b:1","non_voter":false},{"id":"c","address":"d:1"}]')],
  open: () => ({
    run: (input) => assert.equal(configurationFlaw(parsePeers(Buffer.from(input).toString())), undefined),
  }),
  refuses: (error) => error instanceof RaftError,
};

/** A disk with the same content everywhere, which answers at once and keeps what was written last. */
function diskWith(content: Uint8Array | undefined): Disk & { written: Uint8Array } {
  const disk = {
    written: new Uint8Array() as Uint8Array,
    read: (path: string, _bytesMax: number, done: Parameters<Disk['read']>[2]) =>
      done(
        content === undefined
          ? { ok: false, error: new DiskError('ENOENT', `open ${path}: no such file or directory`) }
          : { ok: true, value: content },
      ),
    openAppend: () => assert.fail('no file is appended to'),
    openRandomAccess: () => assert.fail('no file is written in place'),
    list: () => assert.fail('no directory is looked at'),
    remove: () => assert.fail('no file is removed'),
    replace: (...[, bytes, , done]: Parameters<Disk['replace']>) => {
      disk.written = Buffer.concat([bytes].flat());
      done({ ok: true, value: undefined });
    },
  };
  return disk;
}

function writtenFile(): Uint8Array {
  const disk = diskWith(undefined);
  openSnapshots(disk, '/raft', (opened) => {
    if (opened.ok) opened.value.save(meta, [Buffer.from('state')], () => {});
  });
  return disk.written;
}

/** One that others follow, and the newest. */
function writtenSegments(): Uint8Array[] {
  const log = new VirtualLog();
  log.open();
  for (let index = 1; log.segments.length < 2; index++)
    log.write({
      hardState: { term: index, votedFor: 'a:1' },
      entries: [entry(index, index, 'x'.repeat(300))],
    });
  return log.segments.map((path) => log.host.files.read(path) ?? new Uint8Array());
}

function again<T>(codec: Codec<T>, input: Uint8Array): Uint8Array {
  return encodeWith(codec, gossipDialect, codec.decode(new MsgpackReader(input)));
}

export const storageTargets: readonly FuzzTarget[] = [
  ...[entries, hardStates, metas, files, segments, newestSegment, peers],
];
