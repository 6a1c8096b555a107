// Whole servers under partitions, power cuts that tear and lose what was not synced, stalled processes, slow
// disks and jumping clocks, with clients over HTTP: whatever happens, what clients are told stays true.
// More seeds: `npm run sim -- --scenario consul --seeds 1..1000`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStorm, type StormReport } from './run.ts';

const seconds = 30;

const runs = [
  ...[1, 2, 3].map((seed) => ({ seed, servers: 3 })),
  ...[1, 2, 3, 4].map((seed) => ({ seed, servers: 5 })),
];

test(`clients of three and five servers are told the truth in ${runs.length} runs with faults`, async () => {
  const reports: StormReport[] = [];
  for (const { seed, servers } of runs) {
    const report = await runStorm(seed, { servers, forMs: seconds * 1_000 });
    assert.equal(report.violation, undefined, `seed ${seed} of ${servers} servers`);
    reports.push(report);
  }
  for (const [what, share] of Object.entries(proofsIn(reports)))
    assert.ok(share >= 1, `${share} ${what} prove little`);
});

/** What there has to be at least one of, each a run or a second. */
function proofsIn(reports: readonly StormReport[]): Readonly<Record<string, number>> {
  const { length } = reports;
  const sum = (of: (report: StormReport) => number) => reports.reduce((total, each) => total + of(each), 0);
  return {
    answers: sum(({ answered }) => answered) / (length * seconds),
    lostRequests: sum(({ requests, answered }) => requests - answered) / length,
    wakeUps: sum(({ wakeUps }) => wakeUps) / (length * seconds),
    locks: sum(({ locks }) => locks) / length,
    powerCuts: sum(({ happened }) => happened.powerCuts) / length,
    unsyncedWrites: sum(({ happened }) => happened.lostWrites + happened.tornWrites),
    messages: sum(({ happened }) => happened.heldUp + happened.cutOff) / length,
    clockJumps: sum(({ happened }) => happened.clockJumps),
    elections: sum(({ happened }) => happened.elections) / length,
    followerReads: sum(({ happened }) => happened.followerReads) / (length * seconds),
    twoLeaders: sum(({ happened }) => happened.twoLeaders),
    changesOfMembership: sum(({ happened }) => happened.leaves + happened.removals),
    snapshotsSent: sum(({ happened }) => happened.installs),
  };
}

test('a run is a function of its seed', async () => {
  const [first, again, other] = [
    await runStorm(7, short),
    await runStorm(7, short),
    await runStorm(8, short),
  ];
  assert.equal(first.trace, again.trace);
  assert.notEqual(first.trace, other.trace);
});

const short = { forMs: 10_000 };
