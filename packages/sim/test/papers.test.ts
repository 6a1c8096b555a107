// The papers' experiments on groups small enough for every day. What is asserted holds for these seeds; the
// figures for 128 members are in docs/protocol/.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ArmName,
  cellTable,
  extents,
  intervalTable,
  median,
  runInterval,
  runSwim,
  runThreshold,
  swimTable,
  thresholdTable,
} from '../dist/papers/papers.js';

const cell = { members: 32, seed: 1, concurrent: 4, durationMs: 32_768, intervalMs: 256 };

test('of a hundred false positives of plain SWIM Lifeguard leaves less than ten, and we at most one', () => {
  const [swim, lifeguard, reeve] = (['SWIM', 'Lifeguard', 'Reeve'] as const).map((arm) =>
    runInterval({ ...cell, arm }),
  );
  assert.ok(swim && lifeguard && reeve);
  assert.ok(swim.falsePositives > 1_000, `${swim.falsePositives}`);
  assert.ok(lifeguard.falsePositives < swim.falsePositives / 10, `${lifeguard.falsePositives}`);
  assert.ok(reeve.falsePositives <= swim.falsePositives / 100, `${reeve.falsePositives}`);
  assert.ok(reeve.falsePositivesAtHealthy <= swim.falsePositivesAtHealthy / 100);
  assert.ok(reeve.messages <= 1.05 * swim.messages, `${reeve.messages} of ${swim.messages}`);
  // Everybody notices as ever who is really cut off.
  assert.ok(Math.abs(reeve.detections - lifeguard.detections) <= lifeguard.detections / 20);
});

test('we notice a member that is cut off as fast as plain SWIM', () => {
  const medianMs = (arm: ArmName, count: 'firstMs' | 'allMs') => {
    const { concurrent, durationMs, members } = cell;
    const result = runThreshold({ arm, members, seed: 1, concurrent, durationMs });
    return median(result[count]);
  };
  for (const count of ['firstMs', 'allMs'] as const) {
    const [swimMs, reeveMs] = [medianMs('SWIM', count), medianMs('Reeve', count)];
    assert.ok(Math.abs(reeveMs - swimMs) < 0.05 * swimMs, `${count}: ${reeveMs} and ${swimMs}`);
  }
});

test('load and the time to the first suspicion do not depend on the size of the group', () => {
  for (const members of [8, 56]) {
    const results = [1, 2, 3, 4, 5].map((seed) => runSwim({ members, seed }));
    for (const { load } of results) assert.ok(load >= 2 && load < 2.2, `${members}: ${load}`);
    const sum = results.reduce((total, { firstSuspicion }) => total + firstSuspicion, 0);
    assert.ok(sum / results.length < 3, `${members}: ${sum / results.length}`);
  }
});

test('equal runs have equal results', () => {
  const run = { ...cell, members: 8, concurrent: 1, arm: 'Reeve' } as const;
  assert.deepEqual(runInterval(run), runInterval(run));
});

test("the full grid is the paper's", () => {
  const { anomalies } = extents.full;
  const of = (key: 'concurrent' | 'durationMs' | 'intervalMs') => [...new Set(anomalies.map((a) => a[key]))];
  assert.deepEqual(of('concurrent'), [1, 2, 4, 8, 16, 32]);
  assert.deepEqual(of('durationMs'), [128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768]);
  assert.deepEqual([of('intervalMs').at(0), of('intervalMs').at(-1)], [1, 16_384]);
  assert.equal(anomalies.length, 6 * 9 * 15);
});

test('tables name every arm and every size, shares beside those of plain SWIM', () => {
  const counted = { messages: 200, bytes: 2_000, detections: 1, falsePositivesAtHealthy: 50 };
  const outcome = (arm: ArmName, falsePositives: number) => ({
    run: { ...cell, arm },
    result: { ...counted, falsePositives },
  });
  const outcomes = [outcome('SWIM', 400), outcome('Lifeguard', 8)];
  const rows = intervalTable(outcomes);
  assert.equal(rows[3], '| Lifeguard | 8 | 50 | 2.00 | 100.00 | 100.00 | 100.00 | 1.53 %, 1.89 %, 110.6 % |');
  assert.equal(cellTable(outcomes)[2], '| 4, 32768, 256 | 400, 100.00 | 8, 100.00 |');
  const firstMs = [1_000, 3_000, 2_000];
  const times = { run: { ...cell, arm: 'SWIM' as const }, result: { firstMs, allMs: [] } };
  assert.equal(thresholdTable([times])[2], '| SWIM | 2.00 | NaN | 3 |');
  const load = { load: 2, firstSuspicion: 1.5, halfSuspect: 0.25, allSuspect: 0.5, allDeclare: 5 };
  assert.equal(
    swimTable([{ run: { members: 8, seed: 1 }, result: load }])[2],
    '| 8 | 2.00 | 1.50 | 0.25 | 0.50 | 5.00 |',
  );
});
