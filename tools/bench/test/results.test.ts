// What the table of a bench is made of.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternate, type Figure, formatTable, type Measure, quantile, resultsOf } from '@reeve/bench';
import type { Program } from '@reeve/interop';

const ours: Program = { title: 'Reeve', path: '' };
const theirs: Program = { title: 'Serf', path: '' };

/** A measure with one figure that yields these values for each program, in the order of its turns. */
function measureOf(figure: Omit<Figure, 'title' | 'unit'>, values: ReadonlyMap<Program, number[]>): Measure {
  return {
    name: 'walk',
    method: 'With a watch.',
    figures: { time: { title: 'a walk', unit: 'ms', ...figure } },
    rounds: 3,
    run: async (program) => ({ time: values.get(program)?.shift() ?? Number.NaN }),
  };
}

test('each round begins with another program, and every program has its turn in each', async () => {
  const turns: string[] = [];
  const measure = measureOf({ better: 'lower' }, new Map());
  await alternate(measure, [ours, theirs], 'full', (line) => turns.push(line));
  const names = ['1/3: Reeve', '1/3: Serf', '2/3: Serf', '2/3: Reeve', '3/3: Reeve', '3/3: Serf'];
  assert.deepEqual(
    turns,
    names.map((name) => `walk ${name}`),
  );
});

test('a ratio is that of the medians, its spread that of single rounds', async () => {
  const values = new Map([
    [ours, [10, 30, 20]],
    [theirs, [20, 10, 40]],
  ]);
  const measure = measureOf({ better: 'lower', goal: { ratio: 1 } }, values);
  const samples = await alternate(measure, [ours, theirs], 'full', () => {});
  const [result] = resultsOf(measure, [ours, theirs], samples);
  assert.deepEqual(result?.ours, { median: 20, min: 10, max: 30 });
  assert.deepEqual(result?.peers[0]?.ratio, { median: 1, min: 0.5, max: 3 });
  assert.equal(result?.isMet, true);
});

test('a goal beside the originals is met only if it is met beside each of them', () => {
  const measure = measureOf({ better: 'higher', goal: { ratio: 3 } }, new Map());
  const samples = [{ time: [30] }, { time: [10] }, { time: [11] }];
  const [result] = resultsOf(measure, [ours, theirs, { title: 'Serf 2', path: '' }], samples);
  assert.equal(result?.isMet, false);
});

test('a goal of ours alone does not look at the originals', () => {
  const measure = measureOf({ better: 'lower', goal: { value: 40 } }, new Map());
  const [result] = resultsOf(measure, [ours, theirs], [{ time: [39] }, { time: [5] }]);
  assert.equal(result?.isMet, true);
  assert.equal(
    formatTable(result ? [result] : [])
      .split('\n')
      .at(-2),
    '| a walk, ms | 39 | 5 | 7.8 | ≤ 40 ✓ |',
  );
});

test('a quantile lies between its neighbours', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([4, 1, 3, 2], 1), 4);
  assert.equal(quantile([7], 0.9999), 7);
});
