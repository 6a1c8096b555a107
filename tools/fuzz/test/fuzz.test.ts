// The tool that throws inputs: what it makes of a seed, and what it says of a failure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FuzzError, fuzzTarget, mutations } from '@reeve/fuzz';

const seeds = [Uint8Array.of(0x82, 0xa1, 0x61, 0x01), Uint8Array.of(0xa0)];

function firstInputs(randomSeed: number, count: number): string[] {
  const inputs = mutations(seeds, randomSeed);
  return Array.from({ length: count }, () => Buffer.from(inputs.next().value).toString('hex'));
}

test('equal seeds give equal inputs, another seed others', () => {
  assert.deepEqual(firstInputs(1, 2000), firstInputs(1, 2000));
  assert.notDeepEqual(firstInputs(1, 2000), firstInputs(2, 2000));
});

test('every seed comes whole, cut at every offset and with every bit flipped', () => {
  const listed = firstInputs(1, 1 + 4 + 32);
  assert.deepEqual(listed.slice(0, 5), ['82a16101', '', '82', '82a1', '82a161']);
  assert.equal(new Set(listed.slice(5)).size, 32);
  assert.ok(listed.includes('02a16101') && listed.includes('82a16181'));
});

test('random inputs are varied, deep, and no larger than a datagram', () => {
  const inputs = firstInputs(3, 20_000);
  assert.ok(new Set(inputs).size > 10_000);
  assert.ok(inputs.some((hex) => hex.includes('91'.repeat(1000))));
  assert.ok(inputs.some((hex) => hex.includes('7fffffff')));
  assert.ok(inputs.every((hex) => hex.length <= 2 * 0x10000));
});

test('the seeds stay as they are, those in Buffers too', () => {
  const seed = Buffer.from('82a16101', 'hex');
  const inputs = mutations([seed], 1);
  for (let i = 0; i < 5000; i++) inputs.next().value.fill(0);
  assert.equal(seed.toString('hex'), '82a16101');
});

test('an error that is not allowed fails with the input and how to replay it', () => {
  const run = (input: Uint8Array) => {
    if (input[0] === 0x83) throw new TypeError('three');
  };
  const isExpected = (error: unknown) =>
    error instanceof FuzzError &&
    error.cause instanceof TypeError &&
    /^sample: TypeError: three\ninput {2}83a16101\nreplay REEVE_FUZZ_SEED=\d+ REEVE_FUZZ_RUNS=6$/.test(
      error.message,
    );
  assert.throws(() => fuzzTarget({ name: 'sample', seeds, run, allow: () => false }), isExpected);
});

test('inputs are counted as accepted or rejected', () => {
  const run = (input: Uint8Array) => {
    if (input.length !== 1) throw new RangeError('length');
  };
  const counts = fuzzTarget({ name: 'sample', seeds, run, allow: (error) => error instanceof RangeError });
  assert.ok(counts.accepted > 0 && counts.rejected > counts.accepted);
});
