// What of the log is in memory, and what is read back from the disk.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogEntry, ReplicatedLog } from '@reeve/raft/core';

function entry(index: number, bytes: number): LogEntry {
  return { index, term: 1, type: 'command', data: new Uint8Array(bytes), extensions: new Uint8Array(0) };
}

test('entries are in memory until they are applied, up to a bound; then the newest are', () => {
  const read: number[] = [];
  const disk = {
    firstIndex: 1,
    lastIndex: 0,
    read: (index: number) => {
      read.push(index);
      return entry(index, 1_000);
    },
  };
  const log = new ReplicatedLog(disk, { index: 0, term: 0 });
  const write = (last: number, appliedIndex: number): void => {
    for (let index = log.lastIndex + 1; index <= last; index++) log.append(entry(index, 1_000));
    log.takeChanges();
    log.onWritten(appliedIndex);
  };
  const readBack = (from: number, to: number): number => {
    read.length = 0;
    log.entriesBetween(from, to, to, Number.POSITIVE_INFINITY);
    return read.length;
  };
  write(1_000, 0);
  assert.equal(readBack(1, 1_000), 0, 'none is applied');
  write(1_001, 1_000);
  assert.equal(readBack(900, 1_001), 0, 'the newest');
  assert.equal(readBack(1, 700), 700, 'the others');
  write(8_000, 1_001);
  assert.equal(readBack(1_002, 4_000), 2_999, 'too many to wait in memory');
  assert.equal(readBack(6_000, 8_000), 0, 'the newest of them');
});
