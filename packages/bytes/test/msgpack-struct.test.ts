// Structs: the order of keys, what is left out, and what is read leniently.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  list,
  MsgpackReader,
  nilableBytes,
  optionalField,
  rpcDialect,
  struct,
  text,
  textMap,
  uint8,
  uint16,
  uint32,
} from '@reeve/bytes';
import { decodeError, fromHex, toHex } from './hex.ts';

interface Ping {
  readonly seqNo: number;
  readonly node: string;
  readonly sourceAddr: Uint8Array;
  readonly sourcePort: number;
  readonly sourceNode: string;
}

const ping = struct<Ping>({
  seqNo: field('SeqNo', uint32),
  node: field('Node', text),
  sourceAddr: optionalField('SourceAddr', bytes),
  sourcePort: optionalField('SourcePort', uint16),
  sourceNode: optionalField('SourceNode', text),
});

const zeroPing: Ping = { seqNo: 0, node: '', sourceAddr: new Uint8Array(0), sourcePort: 0, sourceNode: '' };
const fullPing: Ping = {
  seqNo: 1,
  node: 'beta',
  sourceAddr: fromHex('7f000701'),
  sourcePort: 7946,
  sourceNode: 'alpha',
};

const nodeKey = 'a44e6f6465';
const seqNoKey = 'a55365714e6f';
const sourcePortKey = 'aa536f75726365506f7274';

function decode<T>(codec: Codec<T>, hex: string): T {
  return codec.decode(new MsgpackReader(fromHex(hex)));
}

function encode<T>(codec: Codec<T>, value: T): string {
  return toHex(encodeWith(codec, gossipDialect, value));
}

test('keys are written in byte order, not in the order of declaration', () => {
  const expected =
    `85${nodeKey}a462657461${seqNoKey}01aa536f7572636541646472a47f000701` +
    `aa536f757263654e6f6465a5616c706861${sourcePortKey}cd1f0a`;
  assert.equal(encode(ping, fullPing), expected);
  assert.deepEqual(decode(ping, expected), fullPing);
});

test('upper case sorts before lower case', () => {
  const clocks = struct<{ leftMembers: readonly string[]; lTime: number; id: number }>({
    leftMembers: field('LeftMembers', list(text, 9)),
    lTime: field('LTime', uint32),
    id: field('ID', uint32),
  });
  assert.equal(
    encode(clocks, { leftMembers: [], lTime: 2, id: 1 }),
    '83a2494401a54c54696d6502ab4c6566744d656d6265727390',
  );
});

test('zero values are written, except those of optional fields', () => {
  assert.equal(encode(ping, zeroPing), `82${nodeKey}a0${seqNoKey}00`);
  const portOnly = { ...zeroPing, sourcePort: 1 };
  assert.equal(encode(ping, portOnly), `83${nodeKey}a0${seqNoKey}00${sourcePortKey}01`);
});

test('every kind of empty value is left out of an optional field', () => {
  const sample = struct<{
    data: Uint8Array | null;
    names: readonly string[];
    tags: ReadonlyMap<string, string>;
  }>({
    data: optionalField('Data', nilableBytes),
    names: optionalField('Names', list(text, 9)),
    tags: optionalField('Tags', textMap(text, 9)),
  });
  assert.equal(encode(sample, sample.zero()), '80');
  assert.equal(encode(sample, { data: new Uint8Array(0), names: [], tags: new Map() }), '80');
  const filled = { data: fromHex('00'), names: [''], tags: new Map([['', '']]) };
  assert.equal(encode(sample, filled), '83a444617461a100a54e616d657391a0a45461677381a0a0');
  assert.deepEqual(decode(sample, encode(sample, filled)), filled);
});

test('keys are read in any order', () => {
  assert.deepEqual(decode(ping, `82${seqNoKey}05${nodeKey}a178`), { ...zeroPing, seqNo: 5, node: 'x' });
  assert.deepEqual(decode(ping, `83${sourcePortKey}07${seqNoKey}05${nodeKey}a178`), {
    ...zeroPing,
    sourcePort: 7,
    seqNo: 5,
    node: 'x',
  });
});

test('keys may be raw, str8 or bin', () => {
  for (const header of ['a4', 'd904', 'da0004', 'db00000004', 'c404']) {
    assert.equal(decode(ping, `81${header}4e6f6465a178`).node, 'x', header);
  }
});

test('a missing field, a nil field and a nil struct are zero', () => {
  assert.deepEqual(decode(ping, '80'), zeroPing);
  assert.deepEqual(decode(ping, `82${nodeKey}c0${seqNoKey}c0`), zeroPing);
  assert.deepEqual(decode(ping, 'c0'), zeroPing);
});

test('unknown keys are skipped with all they contain', () => {
  const unknown = 'a3466f6f 82a16192010203 a162c70100ff'.replaceAll(' ', '').replace('0203', '02');
  assert.equal(decode(ping, `83${nodeKey}a178${unknown}${seqNoKey}05`).seqNo, 5);
  for (const near of ['a46e6f6465', 'a34e6f64', 'a54e6f646573', 'a0']) {
    assert.deepEqual(decode(ping, `81${near}a178`), zeroPing, near);
  }
});

test('of a key that occurs twice the last value counts', () => {
  assert.equal(decode(ping, `83${seqNoKey}01${nodeKey}a178${seqNoKey}02`).seqNo, 2);
  assert.equal(decode(ping, `82${seqNoKey}01${seqNoKey}c0`).seqNo, 0);
});

test('a struct may be an array in the order of declaration, shorter or longer than the struct', () => {
  assert.deepEqual(decode(ping, '9201a462657461'), { ...zeroPing, seqNo: 1, node: 'beta' });
  assert.deepEqual(decode(ping, '9501a462657461a47f000701cd1f0aa5616c706861'), fullPing);
  assert.deepEqual(decode(ping, '9601a462657461a47f000701cd1f0aa5616c70686192c0c0'), fullPing);
  assert.deepEqual(decode(ping, '90'), zeroPing);
});

test('a value of the wrong type or out of range spoils the message', () => {
  for (const hex of [
    `81${seqNoKey}a0`,
    `81${seqNoKey}ff`,
    `81${sourcePortKey}ce00010000`,
    `81${nodeKey}05`,
  ]) {
    assert.throws(() => decode(ping, hex), decodeError('malformed'), hex);
  }
  for (const hex of ['05', 'a0', 'c3', '810500'])
    assert.throws(() => decode(ping, hex), decodeError('malformed'));
});

test('a message cut at any byte is truncated', () => {
  const whole = encodeWith(ping, gossipDialect, fullPing);
  for (let end = 0; end < whole.length; end++) {
    const needed = (error: unknown) =>
      error instanceof Error &&
      'needed' in error &&
      Number(error.needed) > end &&
      Number(error.needed) <= whole.length;
    assert.throws(() => ping.decode(new MsgpackReader(whole.subarray(0, end))), needed);
  }
});

test('decoding ends right behind the struct', () => {
  const reader = new MsgpackReader(fromHex(`ff82${nodeKey}a0${seqNoKey}0007`), 1);
  ping.decode(reader);
  assert.equal(reader.readInteger(), 7);
});

test('structs contain structs', () => {
  interface Node {
    readonly name: string;
    readonly pings: readonly Ping[];
  }
  const node = struct<Node>({ name: field('Name', text), pings: field('Pings', list(ping, 5)) });
  const value: Node = { name: 'n', pings: [fullPing, zeroPing] };
  assert.deepEqual(node.decode(new MsgpackReader(encodeWith(node, gossipDialect, value))), value);
  assert.deepEqual(decode(node, '81a550696e677391c0').pings, [zeroPing]);
});

test('a key of 32 bytes or more is written in the form of its dialect', () => {
  const name = 'K'.repeat(40);
  const long = struct<{ value: number }>({ value: field(name, uint8) });
  assert.equal(toHex(encodeWith(long, gossipDialect, { value: 1 })), `81da0028${'4b'.repeat(40)}01`);
  assert.equal(toHex(encodeWith(long, rpcDialect, { value: 1 })), `81d928${'4b'.repeat(40)}01`);
  assert.deepEqual(decode(long, `81da0028${'4b'.repeat(40)}01`), { value: 1 });
});

test('decoding over a previous value keeps what is missing and leaves that value alone', () => {
  const previous: Ping = { ...fullPing };
  const decoded = ping.decodeOver(new MsgpackReader(fromHex(`82${seqNoKey}09${nodeKey}c0`)), previous);
  assert.deepEqual(decoded, { ...fullPing, seqNo: 9, node: '' });
  assert.deepEqual(previous, fullPing);
  assert.deepEqual(ping.decodeOver(new MsgpackReader(fromHex('c0')), previous), zeroPing);
});

test('the compiler checks the fields against the type', () => {
  interface Header {
    readonly seq: number;
    readonly error: string;
  }
  const headers = [
    // @ts-expect-error error is missing
    struct<Header>({ seq: field('Seq', uint32) }),
    // @ts-expect-error seq is a number
    struct<Header>({ seq: field('Seq', text), error: field('Error', text) }),
    // @ts-expect-error there is no such field
    struct<Header>({ seq: field('Seq', uint32), error: field('Error', text), more: field('More', text) }),
    // @ts-expect-error the codec does not take null
    struct<{ payload: Uint8Array | null }>({ payload: field('Payload', bytes) }),
    // @ts-expect-error a struct is never empty, so it cannot be optional
    struct<{ ping: Ping }>({ ping: optionalField('Ping', ping) }),
  ];
  assert.equal(headers.length, 5);
  const inferred: { seq: number; error: string } = struct({
    seq: field('Seq', uint32),
    error: field('Error', text),
  }).zero();
  assert.deepEqual(inferred, { seq: 0, error: '' });
});
