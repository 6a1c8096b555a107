// Messages that mean no good, and names at the edges of what DNS can carry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { readProbes } from '@reeve/golden';
import {
  type DnsRecord,
  decodeAnswer,
  decodeQuery,
  encodeAnswer,
  encodeQuery,
} from '../../dist/discovery/wire/message.js';

const pointerType = [0, 12, 0, 1];

test('an answer is read as it was written', () => {
  const records: DnsRecord[] = [
    { kind: 'pointer', name: 'a.b.local', target: 'x.a.b.local' },
    { kind: 'service', name: 'x.a.b.local', target: 'b.local', port: 65_535 },
    { kind: 'text', name: 'x.a.b.local', texts: ['', 'näme\udcff'] },
    { kind: 'address', name: 'b.local', address: '255.0.0.1' },
    { kind: 'address', name: 'b.local', address: 'fd77::1' },
  ];
  assert.deepEqual(decodeAnswer(encodeAnswer(7, records)), records);
});

test('records of other types are skipped', () => {
  const known: DnsRecord = { kind: 'pointer', name: 'a', target: 'b' };
  const answer = encodeAnswer(0, [known, known]);
  answer[16] = 47; // the first record becomes NSEC
  assert.deepEqual(decodeAnswer(answer), [known]);
});

test('additional records count as much as answers', () => {
  const [exchange] = readProbes('probe-responses', 'mdns');
  const answer = exchange?.responses[0]?.bytes.slice() ?? new Uint8Array();
  const records = decodeAnswer(answer);
  answer.set([0, 1, 0, 0, 0, 3], 6);
  assert.deepEqual(decodeAnswer(answer), records);
  assert.equal(records?.length, 4);
});

test('a message that ends early is refused, wherever it ends', () => {
  for (const { request, responses } of readProbes('probe-responses', 'mdns').slice(0, 8)) {
    for (let length = 0; length < request.bytes.length; length++) {
      assert.throws(() => decodeQuery(request.bytes.subarray(0, length)), { code: 'truncated' });
    }
    for (const { bytes } of responses) {
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => decodeAnswer(bytes.subarray(0, length)), DecodeError);
      }
    }
  }
});

test('a name that points to itself, forwards or in a circle is refused', () => {
  for (const name of [
    [0xc0, 12],
    [0xc0, 14, 0],
    [1, 0x61, 0xc0, 12],
    [0xff, 0xff],
  ]) {
    assert.throws(() => decodeQuery(query(1, [...name, ...pointerType])), { code: 'malformed' }, `${name}`);
  }
});

test('a name that pointers make longer than a name may be is refused', () => {
  const label = [10, ...new Array(10).fill(0x61)];
  const long = [...new Array(20).fill(label).flat(), 0]; // 221 bytes
  const longer = [...new Array(4).fill(label).flat(), 0xc0, 12];
  assert.throws(() => decodeQuery(query(2, [...long, ...pointerType, ...longer, ...pointerType])), {
    code: 'limit',
  });
});

test('labels of the kinds that nobody uses are refused', () => {
  for (const kind of [0x40, 0x80]) {
    assert.throws(() => decodeQuery(query(1, [kind | 1, 0x61, 0, ...pointerType])), { code: 'malformed' });
  }
});

test('more questions or records than anybody has are refused before they are looked at', () => {
  const counts = (...at: number[]): Uint8Array => Uint8Array.from([0, 0, 0, 0, ...at]);
  assert.throws(() => decodeQuery(counts(0xff, 0xff, 0, 0, 0, 0, 0, 0)), { code: 'limit' });
  const answer = counts(0, 0, 0, 100, 0, 100, 0, 100);
  answer[2] = 0x84;
  assert.throws(() => decodeAnswer(answer), { code: 'limit' });
  assert.throws(() => decodeQuery(new Uint8Array(9_001)), { code: 'limit' });
});

test('an address of no length that addresses have, and a record that lies about its own, are refused', () => {
  const answer = encodeAnswer(0, [{ kind: 'address', name: 'a', address: '1.2.3.4' }]);
  for (const length of [0, 3]) {
    answer[24] = length;
    assert.throws(() => decodeAnswer(answer), { code: 'malformed' });
  }
  answer[24] = 5;
  assert.throws(() => decodeAnswer(answer), { code: 'truncated' });
  const pointer = encodeAnswer(0, [{ kind: 'pointer', name: 'a', target: 'b' }]);
  pointer[24] = 2;
  assert.throws(() => decodeAnswer(pointer), { code: 'malformed' });
});

test('the worst packet there can be costs little', () => {
  // A record of no known type that is all pointers, each to the one before, and then as many names as there
  // may be that go all the way through.
  const nullRecord = [0, 0, 10, 0, 1, 0, 0, 0, 0];
  const pointers = 4_000;
  const start = 12 + nullRecord.length + 2;
  const chain = Array.from({ length: pointers }, (_, index) =>
    toPointer(index === 0 ? 12 : start + 2 * (index - 1)),
  ).flat();
  const names = new Array(127).fill([...toPointer(start + 2 * (pointers - 1)), ...nullRecord.slice(1), 0, 0]);
  const body = [...nullRecord, (2 * pointers) >> 8, (2 * pointers) & 0xff, ...chain, ...names.flat()];
  const packet = Uint8Array.from([0, 0, 0x84, 0, 0, 0, 0, 128, 0, 0, 0, 0, ...body]);
  assert.throws(() => decodeAnswer(packet), { code: 'limit' });
  const largest = packet.slice(0, 9_000);
  largest[7] = 1 + Math.floor((9_000 - start - 2 * pointers) / 12);
  const tries = Array.from({ length: 10 }, () => {
    const startMs = performance.now();
    assert.deepEqual(decodeAnswer(largest), []);
    return performance.now() - startMs;
  });
  assert.ok(Math.min(...tries) < 20, `${tries} ms`); // the fastest: others may have had the processor
});

test('a name that DNS cannot carry is not written', () => {
  for (const name of ['', '.', 'a..b', 'a.', 'x'.repeat(64), `${'x.'.repeat(127)}y`]) {
    assert.throws(() => encodeQuery(1, name), RangeError, name);
  }
  for (const name of ['x'.repeat(63), `${'x.'.repeat(126)}y`]) {
    assert.equal(decodeQuery(encodeQuery(1, name))?.questions[0]?.name, name);
  }
});

function toPointer(offset: number): number[] {
  return [0xc0 | (offset >> 8), offset & 0xff];
}

function query(questions: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([0, 1, 0, 0, 0, questions, 0, 0, 0, 0, 0, 0, ...body]);
}
