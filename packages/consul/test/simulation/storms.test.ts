// Whole servers under partitions, power cuts that tear and lose what was not synced, stalled processes, slow
// disks and jumping clocks, with clients over HTTP: whatever happens, what clients are told stays true.
// More seeds: `npm run sim -- --scenario consul --seeds 1..1000`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStorm, type StormReport } from './run.ts';

const seeds = [1, 2, 3, 4, 5, 6];
const seconds = 30;

test(`clients are told the truth in ${seeds.length} runs of ${seconds} s with faults`, async () => {
  const reports: StormReport[] = [];
  for (const seed of seeds) {
    const report = await runStorm(seed, seconds * 1_000);
    assert.equal(report.violation, undefined, `seed ${seed}`);
    reports.push(report);
  }
  const sum = (of: (report: StormReport) => number) => reports.reduce((total, each) => total + of(each), 0);
  const proofs = {
    answers: sum(({ answered }) => answered) / (seeds.length * seconds),
    lostRequests: sum(({ requests, answered }) => requests - answered) / seeds.length,
    wakeUps: sum(({ wakeUps }) => wakeUps) / (seeds.length * seconds),
    locks: sum(({ locks }) => locks) / seeds.length,
    powerCuts: sum(({ happened }) => happened.powerCuts) / seeds.length,
    unsyncedWrites: sum(({ happened }) => happened.lostWrites + happened.tornWrites),
    messages: sum(({ happened }) => happened.heldUp + happened.cutOff) / seeds.length,
    clockJumps: sum(({ happened }) => happened.clockJumps),
    elections: sum(({ happened }) => happened.elections) / seeds.length,
    followerReads: sum(({ happened }) => happened.followerReads) / (seeds.length * seconds),
  };
  for (const [what, share] of Object.entries(proofs)) assert.ok(share >= 1, `${share} ${what} prove little`);
});

test('a run is a function of its seed', async () => {
  const [first, again, other] = [
    await runStorm(7, 10_000),
    await runStorm(7, 10_000),
    await runStorm(8, 10_000),
  ];
  assert.equal(first.trace, again.trace);
  assert.notEqual(first.trace, other.trace);
});
