// The tool that gives inputs: what it makes of a seed, what guides it, and what it says of a failure.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type FuzzTarget, fuzzBriefly, Refused } from '@reeve/fuzz';
import { briefInputs } from '../dist/brief.js';
import { BlockCoverage } from '../dist/coverage.js';
import { Exploration } from '../dist/explore.js';
import { readInputs, writeInputs } from '../dist/input-file.js';
import { LastInput, readLastInput } from '../dist/last-input.js';
import { listed } from '../dist/mutate.js';
import { SeededRandom } from '../dist/random.js';
import { reproduce } from '../dist/reproduce.js';
import { shrink } from '../dist/shrink.js';
import { failureOf } from '../dist/trial.js';

const seeds = [Uint8Array.of(0x82, 0xa1, 0x61, 0x01), Uint8Array.of(0xa0)];

function target(run: (input: Uint8Array) => void, more: Partial<FuzzTarget> = {}): FuzzTarget {
  return { name: 'sample', promise: 'all is well', seeds, open: () => ({ run }), ...more };
}

/** By chance alone, the innermost block would be found once in four thousand million inputs. */
const maze = `export function enter(input) {
  if (input[0] !== 0x41) return;
  if (input[1] !== 0x7b) return;
  if (input[2] !== 0x19) return;
  if (input[3] === 0xe6) throw new Error('the innermost');
}`;

function hexOf(inputs: Iterable<Uint8Array>): string[] {
  return [...inputs].map((input) => Buffer.from(input).toString('hex'));
}

test('equal seeds give equal inputs', () => {
  assert.deepEqual(hexOf(briefInputs(seeds)), hexOf(briefInputs(seeds)));
});

test('every seed comes whole, cut at every offset and with every bit flipped', () => {
  const inputs = hexOf(listed(seeds));
  assert.deepEqual(inputs.slice(0, 6), ['82a16101', 'a0', '', '82', '82a1', '82a161']);
  assert.equal(new Set(inputs.slice(6, 6 + 32)).size, 32);
  assert.ok(inputs.includes('02a16101') && inputs.includes('82a16181') && inputs.includes('a1'));
  const brief = new Set(hexOf(briefInputs(seeds)));
  assert.ok(inputs.every((input) => brief.has(input)));
});

test('random inputs are varied, deep, and no larger than a datagram', () => {
  const inputs = hexOf(briefInputs(seeds));
  assert.ok(new Set(inputs).size > 5_000);
  assert.ok(inputs.some((hex) => hex.includes('91'.repeat(1000))));
  assert.ok(inputs.some((hex) => hex.includes('7fffffff')));
  assert.ok(inputs.every((hex) => hex.length <= 2 * 0x10000));
});

test('the seeds stay as they are, those in Buffers too', () => {
  const seed = Buffer.from('82a16101', 'hex');
  for (const input of briefInputs([seed])) input.fill(0);
  assert.equal(seed.toString('hex'), '82a16101');
});

test('an error that is no refusal fails with the input', () => {
  const run = (input: Uint8Array) => {
    if (input[0] === 0x83) throw new TypeError('three');
  };
  assert.throws(() => fuzzBriefly(target(run)), { message: 'sample: TypeError: three\ninput 83a16101' });
});

test('a run that accepts nothing, or refuses nothing although it could, has proved nothing', () => {
  const refuse = () => {
    throw new Refused();
  };
  assert.throws(() => fuzzBriefly(target(refuse)), /no input was accepted/);
  assert.throws(() => fuzzBriefly(target(() => {}, { refuses: () => true })), /no input was refused/);
  fuzzBriefly(target((input) => (input.length === 1 ? refuse() : undefined)));
});

test('what must be true behind the last input is checked', () => {
  let given = 0;
  const close = () => assert.equal(given, 2);
  const subject = target(() => {}, { open: () => ({ run: () => given++, close }) });
  assert.equal(failureOf(subject, seeds), undefined);
  assert.match(failureOf(subject, seeds)?.message ?? '', /^sample: behind the last input: AssertionError/);
});

test('a sequence is made as short as it can be', () => {
  const holds = (part: readonly number[]) => part.includes(3) && part.includes(17);
  assert.deepEqual(shrink([...Array(40).keys()], holds, 10_000), [3, 17]);
  assert.deepEqual(
    shrink([1, 2, 3], () => true, 10_000),
    [],
  );
});

test('a failure is told by its last input alone where that is enough, in the fewest bytes', () => {
  const subject = target((input) => assert.ok(!(input.includes(7) && input.includes(9))));
  const found = reproduce(subject, [Uint8Array.of(1), Uint8Array.of(2, 9, 3, 7, 4)]);
  assert.deepEqual(found, [Uint8Array.of(9, 7)]);
});

test('a failure that needs a history is told with the fewest inputs before it', () => {
  const open = () => {
    let sum = 0;
    return {
      run: (input: Uint8Array) => {
        sum += input[0] ?? 0;
        assert.ok(sum < 15);
      },
    };
  };
  const given = [1, 8, 1, 1, 7].map((value) => Uint8Array.of(value, 0, 0));
  const found = reproduce(
    target(() => {}, { open }),
    given,
  );
  assert.deepEqual(found, [Uint8Array.of(8), Uint8Array.of(7)]);
});

test('what reaches new code is kept, and mutated until the innermost block is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-fuzz-'));
  const coverage = new BlockCoverage();
  try {
    const source = join(folder, 'packages/sample/dist/sample.mjs');
    mkdirSync(dirname(source), { recursive: true });
    writeFileSync(source, maze);
    const { enter } = await import(pathToFileURL(source).href);
    const exploration = new Exploration({ target: target(enter), coverage, random: new SeededRandom(1) });
    assert.throws(() => {
      exploration.begin([new Uint8Array(8)]);
      while (exploration.inputs < 2_000_000) exploration.step();
    }, /the innermost/);
    assert.ok(exploration.corpus.length >= 4 && coverage.blocks >= 5);
    assert.ok(reproduce(target(enter), exploration.given)[0]?.length === 4);
  } finally {
    coverage.stop();
    rmSync(folder, { recursive: true });
  }
});

test('inputs come back from files, and the latest one from that of a process that has died', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-fuzz-'));
  try {
    const path = join(folder, 'inputs');
    assert.deepEqual(readInputs(path), []);
    writeInputs(path, [...seeds, new Uint8Array(0)]);
    assert.deepEqual(readInputs(path), [...seeds, new Uint8Array(0)]);
    const latest = new LastInput(path);
    for (const input of seeds) latest.write(input);
    assert.deepEqual(readLastInput(path), seeds[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
