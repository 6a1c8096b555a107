// The one form in which each value is written, in both dialects.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gossipDialect, type MsgpackDialect, MsgpackWriter, rpcDialect } from '@reeve/bytes';
import { fromHex, toHex } from './hex.ts';

function written(write: (writer: MsgpackWriter) => void, dialect: MsgpackDialect = gossipDialect): string {
  const writer = new MsgpackWriter(dialect);
  write(writer);
  return toHex(writer.finish());
}

test('integers take the smallest form, non-negative ones unsigned', () => {
  const forms: readonly (readonly [number, string])[] = [
    [0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65535, 'cdffff'],
    [65536, 'ce00010000'],
    [0xffffffff, 'ceffffffff'],
    [2 ** 32, 'cf0000000100000000'],
    [Number.MAX_SAFE_INTEGER, 'cf001fffffffffffff'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32768, 'd18000'],
    [-32769, 'd2ffff7fff'],
    [-(2 ** 31), 'd280000000'],
    [-(2 ** 31) - 1, 'd3ffffffff7fffffff'],
    [Number.MIN_SAFE_INTEGER, 'd3ffe0000000000001'],
  ];
  for (const [value, hex] of forms)
    assert.equal(
      written((writer) => writer.integer(value)),
      hex,
    );
});

test('a number that is no safe integer is refused', () => {
  for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => written((writer) => writer.integer(value)), RangeError);
  }
});

test('a float always takes eight bytes', () => {
  assert.equal(
    written((writer) => writer.float64(0)),
    'cb0000000000000000',
  );
  assert.equal(
    written((writer) => writer.float64(1.5)),
    'cb3ff8000000000000',
  );
});

test('nil, booleans and single bytes', () => {
  assert.equal(
    written((writer) => writer.nil()),
    'c0',
  );
  assert.equal(
    written((writer) => [false, true].forEach((value) => void writer.boolean(value))),
    'c2c3',
  );
  assert.equal(
    written((writer) => writer.byte(0x0b)),
    '0b',
  );
});

test('gossip has only the raw family, for texts and bytes alike', () => {
  const headers = [
    [0, 'a0'],
    [31, 'bf'],
    [32, 'da0020'],
    [255, 'da00ff'],
    [65535, 'daffff'],
    [65536, 'db00010000'],
  ] as const;
  for (const [length, header] of headers) {
    const body = '61'.repeat(length);
    assert.equal(
      written((writer) => writer.text('a'.repeat(length))),
      header + body,
    );
    assert.equal(
      written((writer) => writer.bytes(fromHex(body))),
      header + body,
    );
    assert.equal(
      written((writer) => writer.encodedText(fromHex(body))),
      header + body,
    );
  }
});

test('the RPC has str8 for texts and bin for bytes', () => {
  const headers = [
    [0, 'a0', 'c400'],
    [31, 'bf', 'c41f'],
    [32, 'd920', 'c420'],
    [255, 'd9ff', 'c4ff'],
    [256, 'da0100', 'c50100'],
    [65535, 'daffff', 'c5ffff'],
    [65536, 'db00010000', 'c600010000'],
  ] as const;
  for (const [length, text, bin] of headers) {
    const body = '61'.repeat(length);
    assert.equal(
      written((writer) => writer.text('a'.repeat(length)), rpcDialect),
      text + body,
    );
    assert.equal(
      written((writer) => writer.bytes(fromHex(body)), rpcDialect),
      bin + body,
    );
  }
});

test('the length of a text counts bytes, not characters', () => {
  assert.equal(
    written((writer) => writer.text('ü\udcff')),
    'a3c3bcff',
  );
});

test('a long text follows its header, whatever was written before', () => {
  const long = `${'a'.repeat(100)}ü`;
  const body = Buffer.from(long).toString('hex');
  const hex = written((writer) => [1, 2].forEach(() => void writer.text(long)));
  assert.equal(hex, `da0066${body}da0066${body}`);
});

test('maps and arrays take the smallest header', () => {
  const counts = [
    [0, '80', '90'],
    [15, '8f', '9f'],
    [16, 'de0010', 'dc0010'],
    [65535, 'deffff', 'dcffff'],
    [65536, 'df00010000', 'dd00010000'],
  ] as const;
  for (const [count, map, array] of counts) {
    assert.equal(
      written((writer) => writer.mapHeader(count)),
      map,
    );
    assert.equal(
      written((writer) => writer.arrayHeader(count)),
      array,
    );
  }
});

test('raw bytes are appended as they are', () => {
  assert.equal(
    written((writer) => writer.raw(fromHex('c100ff'))),
    'c100ff',
  );
});

test('a finished writer starts over, and what it returned stays as it is', () => {
  const writer = new MsgpackWriter(gossipDialect);
  writer.float64(1);
  writer.text('first');
  const first = writer.finish();
  assert.equal(writer.length, 0);
  writer.text('second');
  writer.float64(2);
  assert.equal(writer.length, 16);
  assert.equal(toHex(first), 'cb3ff0000000000000a56669727374');
  assert.equal(toHex(writer.finish()), 'a67365636f6e64cb4000000000000000');
});

test('two writers at a time do not write into the same room, which the next one gets', () => {
  const long = 'x'.repeat(2_000);
  const outer = new MsgpackWriter(gossipDialect);
  outer.text(long);
  const inner = new MsgpackWriter(gossipDialect);
  inner.text(long.replaceAll('x', 'y'));
  const inside = inner.finish();
  outer.bytes(inside);
  const whole = outer.finish();
  const after = written((writer) => writer.text(long.replaceAll('x', 'z')));
  assert.equal(toHex(inside), `da07d0${'79'.repeat(2_000)}`);
  assert.equal(toHex(whole), `da07d0${'78'.repeat(2_000)}da07d3${toHex(inside)}`);
  assert.equal(after, `da07d0${'7a'.repeat(2_000)}`);
});

test('a writer that is used again begins with nothing', () => {
  const writer = new MsgpackWriter(gossipDialect);
  writer.float64(1);
  writer.finish();
  writer.float64(2);
  assert.equal(toHex(writer.finish()), 'cb4000000000000000');
});
