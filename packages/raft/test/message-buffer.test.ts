// Messages that arrive in pieces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { encodeRequest, type Request, readRequest } from '@reeve/raft/core';
import { MessageBuffer } from '../dist/transport/message-buffer.js';
import { entry } from './core-kit.ts';

const requests: Request[] = [
  { kind: 'heartbeat', term: 2, leader: 'a:1' },
  {
    kind: 'append-entries',
    term: 2,
    leader: 'a:1',
    prevIndex: 1,
    prevTerm: 1,
    entries: Array.from({ length: 20 }, (_, i) => entry(2 + i, 2, 'x'.repeat(i * 300))),
    leaderCommit: 1,
  },
  { kind: 'timeout-now' },
];
const stream = Buffer.concat(requests.map(encodeRequest));

function readAll(buffer: MessageBuffer): (Request | undefined)[] {
  const read: (Request | undefined)[] = [];
  for (let next = buffer.read(readRequest); next !== undefined; next = buffer.read(readRequest))
    read.push(next.message);
  return read;
}

test('messages are the same, however they are cut', () => {
  for (const size of [1, 2, 3, 7, 100, 4_096, 10_000, stream.length]) {
    const buffer = new MessageBuffer(1 << 20);
    const read: (Request | undefined)[] = [];
    for (let at = 0; at < stream.length; at += size) {
      buffer.push(stream.subarray(at, at + size));
      read.push(...readAll(buffer));
    }
    assert.deepEqual(
      read.map((it) => it && encodeRequest(it)),
      requests.map(encodeRequest),
      `pieces of ${size}`,
    );
    assert.equal(buffer.length, 0);
  }
});

test('bytes between messages can be taken as they are', () => {
  const buffer = new MessageBuffer(1 << 20);
  buffer.push(Buffer.concat([encodeRequest({ kind: 'timeout-now' }), Buffer.from('raw bytes'), stream]));
  assert.equal(buffer.read(readRequest)?.message?.kind, 'timeout-now');
  assert.equal(Buffer.from(buffer.take(9)).toString(), 'raw bytes');
  assert.equal(readAll(buffer).length, 3);
});

test('a message that is longer than allowed is refused when it says so, not when it has come', () => {
  const buffer = new MessageBuffer(1_000);
  buffer.push(stream.subarray(0, 2_000));
  assert.throws(() => readAll(buffer), DecodeError);
  const claims = new MessageBuffer(1_000);
  claims.push(Buffer.from([0, 0xdd, 0xff, 0xff, 0xff, 0xff]));
  assert.throws(() => readAll(claims), /more than 1000 bytes/);
});

test('a long message that comes byte by byte costs no more than one that comes at once', () => {
  const long = encodeRequest({
    ...(requests[1] as Extract<Request, { kind: 'append-entries' }>),
    entries: Array.from({ length: 1_000 }, (_, i) => entry(2 + i, 2, 'x'.repeat(1_000))),
  });
  const buffer = new MessageBuffer(40 << 20);
  const before = process.cpuUsage();
  buffer.push(long.subarray(0, long.length - 10_000));
  assert.equal(buffer.read(readRequest), undefined);
  for (let at = long.length - 10_000; at < long.length; at++) {
    buffer.push(long.subarray(at, at + 1));
    assert.equal(buffer.read(readRequest) === undefined, at < long.length - 1);
  }
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 1_000_000, `${(user + system) / 1_000} ms`);
});
