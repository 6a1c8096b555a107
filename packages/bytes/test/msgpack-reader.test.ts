// Reading every form of every type, and refusing all others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MsgpackReader, TruncatedError } from '@reeve/bytes';
import { decodeError, fromHex, toHex } from './hex.ts';

function reader(hex: string): MsgpackReader {
  return new MsgpackReader(fromHex(hex));
}

test('any integer form is an integer', () => {
  const forms = {
    '00': 0,
    '7f': 127,
    ff: -1,
    e0: -32,
    cc05: 5,
    ccff: 255,
    cd0005: 5,
    cdffff: 65535,
    ce00000005: 5,
    ceffffffff: 2 ** 32 - 1,
    cf0000000000000005: 5,
    cf001fffffffffffff: Number.MAX_SAFE_INTEGER,
    d005: 5,
    d080: -128,
    d10005: 5,
    d18000: -32768,
    d200000005: 5,
    d280000000: -(2 ** 31),
    d30000000000000005: 5,
    d3ffffffffffffffff: -1,
    d3ffe0000000000001: Number.MIN_SAFE_INTEGER,
  };
  for (const [hex, value] of Object.entries(forms)) {
    const each = reader(hex);
    assert.equal(each.readInteger(), value, hex);
    assert.equal(each.remaining, 0, hex);
  }
});

test('an integer that a number cannot hold exceeds the limit', () => {
  for (const hex of [
    'cf0020000000000000',
    'cfffffffffffffffff',
    'd38000000000000000',
    'd3ffe0000000000000',
  ]) {
    assert.throws(() => reader(hex).readInteger(), decodeError('limit'), hex);
  }
});

test('nothing else is an integer', () => {
  for (const hex of ['c0', 'c1', 'c2', 'c3', 'a0', '80', '90', 'ca00000000', 'c40100']) {
    assert.throws(() => reader(hex).readInteger(), decodeError('malformed'), hex);
  }
});

test('an unsigned integer lies between zero and its maximum', () => {
  assert.equal(reader('ccff').readUnsigned(255), 255);
  assert.equal(reader('00').readUnsigned(0), 0);
  assert.throws(() => reader('cd0100').readUnsigned(255), decodeError('malformed'));
  assert.throws(() => reader('ff').readUnsigned(255), decodeError('malformed'));
});

test('booleans may be integers 0 and 1', () => {
  const values = ['c2', 'c3', '00', '01'].map((hex) => reader(hex).readBoolean());
  assert.deepEqual(values, [false, true, false, true]);
  for (const hex of ['02', 'c0', 'a0'])
    assert.throws(() => reader(hex).readBoolean(), decodeError('malformed'));
});

test('floats may be short, and integers', () => {
  assert.equal(reader('cb3ff8000000000000').readFloat64(), 1.5);
  assert.equal(reader('ca3fc00000').readFloat64(), 1.5);
  assert.equal(reader('d0ff').readFloat64(), -1);
  assert.throws(() => reader('a0').readFloat64(), decodeError('malformed'));
  const several = reader('ca3fc00000cb400000000000000003');
  assert.deepEqual(
    [several.readFloat64(), several.readFloat64(), several.readFloat64(), several.remaining],
    [1.5, 2, 3, 0],
  );
  const inside = new MsgpackReader(fromHex('ffcb3ff8000000000000').subarray(1));
  assert.equal(inside.readFloat64(), 1.5);
});

test('texts and bytes may have any form of raw, str8 and bin', () => {
  for (const header of ['a3', 'd903', 'da0003', 'db00000003', 'c403', 'c50003', 'c600000003']) {
    assert.equal(reader(`${header}616263`).readText(), 'abc', header);
    assert.equal(toHex(reader(`${header}616263`).readBytes()), '616263', header);
  }
  for (const hex of ['c0', '05', '80', '90', 'c7']) {
    assert.throws(() => reader(hex).readText(), decodeError('malformed'), hex);
  }
});

test('empty texts and bytes have a header only, long ones lie where it says', () => {
  for (const header of ['a0', 'd900', 'da0000', 'db00000000', 'c400']) {
    assert.equal(reader(header).readText(), '');
    assert.deepEqual(reader(header).readBytes(), new Uint8Array(0));
  }
  const long = 'a'.repeat(100);
  const two = reader(`d964${Buffer.from(long).toString('hex')}a162`);
  assert.deepEqual([two.readText(), two.readText()], [long, 'b']);
});

test('bytes that were read do not keep the packet', () => {
  for (const packet of [fromHex('a3616263'), Buffer.from('a3616263', 'hex')]) {
    const bytes = new MsgpackReader(packet).readBytes();
    packet.fill(0);
    assert.deepEqual(bytes, fromHex('616263'));
    assert.equal(bytes.buffer.byteLength, 3);
  }
});

test('a text or byte string longer than its bound is refused before all of it has come', () => {
  assert.equal(reader('a3616263').readText(3), 'abc');
  assert.throws(() => reader('a3616263').readText(2), decodeError('limit'));
  assert.throws(() => reader('dbffffffff').readBytes(1000), decodeError('limit'));
});

test('a length beyond the end is refused, and tells how much is needed', () => {
  const attempts: readonly (readonly [string, number])[] = [
    ['a3', 4],
    ['da', 3],
    ['da0010', 19],
    ['dbffffffff', 5 + 0xffffffff],
    ['c4', 2],
  ];
  for (const [hex, needed] of attempts) {
    assert.throws(() => reader(hex).readText(), new TruncatedError(needed));
    assert.throws(() => reader(hex).readBytes(), new TruncatedError(needed));
  }
});

test('a count that the rest cannot hold is refused before anything is allocated', () => {
  assert.throws(() => reader('83a0').readMapHeader(), new TruncatedError(7));
  assert.throws(() => reader('de0003a0').readMapHeader(), new TruncatedError(9));
  assert.throws(() => reader('dfffffffffa0').readMapHeader(), new TruncatedError(5 + 2 * 0xffffffff));
  assert.throws(() => reader('92c0').readArrayHeader(), new TruncatedError(3));
  assert.throws(() => reader('ddffffffff').readArrayHeader(), new TruncatedError(5 + 0xffffffff));
  assert.throws(() => reader('ddffffffff').readArrayHeader(10), decodeError('limit'));
  assert.throws(() => reader('de000a').readMapHeader(9), decodeError('limit'));
});

test('counts are read in every form', () => {
  const counts = ['81c0c0', 'de0001c0c0', 'df00000001c0c0'].map((hex) => reader(hex).readMapHeader());
  assert.deepEqual(counts, [1, 1, 1]);
  const elements = ['91c0', 'dc0001c0', 'dd00000001c0'].map((hex) => reader(hex).readArrayHeader());
  assert.deepEqual(elements, [1, 1, 1]);
  assert.deepEqual([reader('80').readMapHeader(), reader('90').readArrayHeader()], [0, 0]);
  assert.deepEqual([reader('81c0c0').readMapHeader(1), reader('91c0').readArrayHeader(1)], [1, 1]);
  for (const hex of ['90', '9f', 'a0', 'dc0000']) {
    assert.throws(() => reader(hex).readMapHeader(), decodeError('malformed'), hex);
  }
  for (const hex of ['8f', 'a0', 'de0000']) {
    assert.throws(() => reader(hex).readArrayHeader(), decodeError('malformed'), hex);
  }
});

test('what comes next can be asked without consuming it, also at the end', () => {
  const kinds = {
    map: '80 8f de df',
    array: '90 9f dc dd',
    text: 'a0 bf d9 da db',
    other: ' c0 7f c4 d8 ff',
  };
  for (const [kind, tags] of Object.entries(kinds)) {
    for (const hex of tags.split(' ')) {
      const each = reader(hex);
      const answers = [each.isMapNext(), each.isArrayNext(), each.isTextNext(), each.offset];
      assert.deepEqual(answers, [kind === 'map', kind === 'array', kind === 'text', 0], hex);
    }
  }
});

test('nil is consumed, anything else is left', () => {
  const both = reader('c001');
  assert.equal(both.readNil(), true);
  assert.equal(both.readNil(), false);
  assert.equal(both.readInteger(), 1);
  assert.equal(both.readNil(), false);
});

test('every kind of value is stepped over as a whole', () => {
  const values = ['00', '7f', 'e0', 'c0', 'c2', 'c3', 'cc00', 'cd0000', 'ce00000000', 'cf0000000000000000'];
  values.push('d000', 'd10000', 'd200000000', 'd30000000000000000', 'ca00000000', 'cb0000000000000000');
  values.push('a0', 'a161', 'd90161', 'da000161', 'db0000000161', 'c40161', 'c5000161', 'c60000000161');
  values.push('c701aaff', 'c80001aaff', 'c900000001aaff', 'd4aaff', 'd5aaffff', 'd6aaffffffff');
  values.push(
    `d7aa${'ff'.repeat(8)}`,
    `d8aa${'ff'.repeat(16)}`,
    '80',
    '81a161c0',
    'de000101c0',
    'df0000000101c0',
  );
  values.push('90', '9281a161920102c0', 'dc0001c0', 'dd00000001c0');
  for (const hex of values) {
    const each = reader(`${hex}2a`);
    each.skip();
    assert.equal(each.readInteger(), 42, hex);
    for (let end = 0; end < hex.length; end += 2) {
      assert.throws(() => reader(hex.slice(0, end)).skip(), decodeError('truncated'), hex.slice(0, end));
    }
  }
  assert.throws(() => reader('c1').skip(), decodeError('malformed'));
});

test('100,000 arrays inside each other are stepped over', () => {
  const nested = new Uint8Array(100_001).fill(0x91);
  nested[100_000] = 0xc0;
  const each = new MsgpackReader(nested);
  each.skip();
  assert.equal(each.remaining, 0);
  assert.throws(() => new MsgpackReader(nested.subarray(1, 100_000)).skip(), decodeError('truncated'));
});

test('a huge count is not counted down', () => {
  const start = process.cpuUsage();
  assert.throws(() => reader('dfffffffffc0c0c0').skip(), decodeError('truncated'));
  assert.throws(() => reader('ddffffffff'.repeat(100)).skip(), decodeError('truncated'));
  assert.ok(process.cpuUsage(start).user < 1_000_000); // microseconds of ours
});

test('a value can be stepped over without its elements, which are counted', () => {
  const values = reader('a3616263' + '93010203' + '82a16101a16202' + 'c0');
  assert.deepEqual([values.skipOne(), values.offset], [0, 4]);
  assert.deepEqual([values.skipOne(), values.offset], [3, 5]);
  values.offset = 8;
  assert.deepEqual([values.skipOne(), values.offset], [4, 9]);
  values.offset = 15;
  assert.deepEqual([values.skipOne(), values.remaining], [0, 0]);
  assert.throws(() => values.skipOne(), TruncatedError);
});
