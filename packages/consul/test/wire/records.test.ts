// Records on the wire: their edges, and Go's ways with nil.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Codec, DecodeError, encodeWith, gossipDialect, MsgpackReader, struct } from '@reeve/bytes';
import { goTimeCodec, neverTime } from '../../dist/core/wire/go-time.js';
import { healthCheckCodec, noDefinition } from '../../dist/core/wire/health-check.js';
import { keyValueCodec, sessionCodec } from '../../dist/core/wire/records.js';
import { serviceCodec } from '../../dist/core/wire/service.js';
import { transactionResponseFields } from '../../dist/core/wire/transaction.js';

function encode<T>(codec: Codec<T>, value: T): string {
  return Buffer.from(encodeWith(codec, gossipDialect, value)).toString('hex');
}

function decode<T>(codec: Codec<T>, hex: string): T {
  return codec.decode(new MsgpackReader(Buffer.from(hex, 'hex')));
}

test('a key is a map with its names in byte order, an empty value nil', () => {
  const hex = encode(keyValueCodec, {
    key: 'k',
    value: new Uint8Array(0),
    flags: 2n ** 63n,
    lockIndex: 0,
    session: '',
    createIndex: 7,
    modifyIndex: 300,
  });
  const names = ['CreateIndex', 'Flags', 'Key', 'LockIndex', 'ModifyIndex', 'Session', 'Value'];
  const values = ['07', 'cf8000000000000000', 'a16b', '00', 'cd012c', 'a0', 'c0'];
  const entries = names.map(
    (name, at) => (0xa0 | name.length).toString(16) + Buffer.from(name).toString('hex') + values[at],
  );
  assert.equal(hex, `87${entries.join('')}`);
  assert.deepEqual(decode(keyValueCodec, hex).flags, 2n ** 63n);
});

test('a lock delay of more than 104 days stays the nearest that a number can say', () => {
  const session = { ...sessionCodec.zero(), lockDelayNs: 2 ** 62 };
  assert.equal(decode(sessionCodec, encode(sessionCodec, session)).lockDelayNs, 2 ** 62);
});

test('missing fields are zero, unknown ones are skipped', () => {
  const check = decode(healthCheckCodec, '82a44e6f6465a16ea5426f677573c3');
  assert.deepEqual(check, { ...healthCheckCodec.zero(), node: 'n' });
  assert.equal(check.definition, noDefinition);
});

test('a definition that is not the empty one is its own', () => {
  const definition = { ...noDefinition, tcp: '10.0.0.1:80', timeoutNs: 1e9 };
  const check = { ...healthCheckCodec.zero(), definition };
  assert.deepEqual(decode(healthCheckCodec, encode(healthCheckCodec, check)), check);
});

test('no proxy is written as the empty one of Go', () => {
  const hex = encode(serviceCodec, serviceCodec.zero());
  const proxy = Buffer.from('MeshGateway').toString('hex');
  assert.ok(hex.includes(proxy));
  assert.equal(decode(serviceCodec, hex).proxy, null);
  assert.equal(decode(serviceCodec, '81a550726f7879c0').proxy, null);
});

test('a transaction answers with results or with errors', () => {
  const response = { results: null, errors: [{ step: 1, what: 'key "a" exists' }] };
  const transactionResponse = struct(transactionResponseFields);
  const hex = encode(transactionResponse, response);
  assert.deepEqual(decode(transactionResponse, hex), response);
});

test("a point in time is fifteen bytes of Go's MarshalBinary", () => {
  const captured = 'af010000000ee293e6e503f58a67ffff';
  const time = decode(goTimeCodec, captured);
  assert.deepEqual(time, { unixSeconds: 1_795_289_061, nanoseconds: 66_423_399, zoneMinutes: null });
  assert.equal(new Date(time.unixSeconds * 1000).getUTCFullYear(), 2026);
  assert.equal(encode(goTimeCodec, time), captured);
  const zoned = 'af010000000ee293eafd25ee366e0000';
  assert.equal(decode(goTimeCodec, zoned).zoneMinutes, 0);
  assert.equal(encode(goTimeCodec, decode(goTimeCodec, zoned)), zoned);
  assert.deepEqual(decode(goTimeCodec, encode(goTimeCodec, neverTime)), neverTime);
  assert.deepEqual(decode(goTimeCodec, 'c0'), neverTime);
  assert.throws(() => decode(goTimeCodec, 'a101'), DecodeError);
  assert.throws(() => decode(goTimeCodec, captured.replace('af01', 'af02')), DecodeError);
});
