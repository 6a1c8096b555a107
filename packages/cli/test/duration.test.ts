// Durations as Go reads and writes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from '@reeve/cli';
import * as fc from 'fast-check';

test('durations are read with every unit, in any order, with fractions and signs', () => {
  const cases: [string, number][] = [
    ['0', 0],
    ['+0', 0],
    ['15s', 15_000],
    ['1h2m3.5s', 3_723_500],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['.5s', 500],
    ['1.s', 1_000],
    ['-10ms', -10],
    ['10us', 0.01],
    ['10\u00b5s', 0.01],
    ['10\u03bcs', 0.01],
    ['3ns', 0.000003],
    ['1s1h', 3_601_000],
    ['0.0000001ms', 0],
    ['2562047h47m16.854775807s', Number(2n ** 63n - 1n) / 1e6],
  ];
  for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text);
});

test('a duration that cannot be read is refused in the words of Go', () => {
  const cases: [string, string][] = [
    ['', 'time: invalid duration ""'],
    ['xx', 'time: invalid duration "xx"'],
    ['-', 'time: invalid duration "-"'],
    ['.s', 'time: invalid duration ".s"'],
    ['--1s', 'time: invalid duration "--1s"'],
    ['s', 'time: invalid duration "s"'],
    ['10', 'time: missing unit in duration "10"'],
    ['1s5', 'time: missing unit in duration "1s5"'],
    ['1x', 'time: unknown unit "x" in duration "1x"'],
    ['1 s', 'time: unknown unit " s" in duration "1 s"'],
    ['1"é', String.raw`time: unknown unit "\"\xc3\xa9" in duration "1\"\xc3\xa9"`],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['99999999999999999999', 'time: invalid duration "99999999999999999999"'],
    ['2562048h', 'time: invalid duration "2562048h"'],
  ];
  for (const [text, message] of cases) assert.throws(() => parseDuration(text), { message });
  assert.equal(parseDuration('-9223372036854775808ns'), Number(-(2n ** 63n)) / 1e6);
});

test('durations are written as Go writes them', () => {
  const cases: [number, string][] = [
    [0, '0s'],
    [30_000, '30s'],
    [60_000, '1m0s'],
    [1_500, '1.5s'],
    [500, '500ms'],
    [3_723_500, '1h2m3.5s'],
    [3_600_000, '1h0m0s'],
    [0.0015, '1.5\u00b5s'],
    [0.000003, '3ns'],
    [1.25, '1.25ms'],
    [-90_000, '-1m30s'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});

test('what is written is read back', () =>
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (us) => {
      assert.equal(Math.round(parseDuration(formatDuration(us / 1_000)) * 1_000), us);
    }),
  ));
