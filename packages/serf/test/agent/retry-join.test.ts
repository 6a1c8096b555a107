// Joining again and again. Texts measured on serf 0.9.4.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { retryJoin } from '@reeve/serf/agent';
import type { JoinOutcome } from '@reeve/serf/core';

test('[77] a failed join is repeated after the interval, until one succeeds', () => {
  const { world, log, tries, outcomes, end } = rig({ failures: 2 });
  world.run(30_000);
  assert.deepEqual(tries, [0, 5_000, 10_000]);
  assert.deepEqual(outcomes, ['joined']);
  assert.deepEqual(log, [
    '[INFO] agent: Joining cluster...(replay: true)',
    '[WARN] agent: Join failed: nobody, retrying in 5s',
    '[INFO] agent: Joining cluster...(replay: true)',
    '[WARN] agent: Join failed: nobody, retrying in 5s',
    '[INFO] agent: Joining cluster...(replay: true)',
    '[INFO] agent: Join completed. Synced with 2 initial agents',
  ]);
  end(); // which changes nothing any more
});

test('[77] retry_max_attempts counts the repetitions: with 1 there are two attempts', () => {
  const { world, log, tries, outcomes } = rig({ repetitionsMax: 1 });
  world.run(60_000);
  assert.deepEqual(tries, [0, 5_000]);
  assert.deepEqual(outcomes, ['gave up']);
  assert.equal(log.at(-1), '[ERR] agent: maximum retry join attempts made, exiting');
});

for (const repetitionsMax of [0, -1]) {
  test(`with retry_max_attempts ${repetitionsMax} a join is repeated for ever`, () => {
    const { world, tries, outcomes } = rig({ repetitionsMax });
    world.run(3_600_000);
    assert.equal(tries.length, 721);
    assert.deepEqual(outcomes, []);
  });
}

test('after the stop nothing is attempted and nothing told, even of an attempt that goes on', () => {
  const { world, tries, outcomes, end } = rig({});
  world.run(7_000);
  end();
  world.run(60_000);
  assert.deepEqual([tries, outcomes], [[0, 5_000], []]);
  const slow = rig({ takesMs: 1_000 });
  world.run(500);
  slow.end();
  slow.world.run(60_000);
  assert.deepEqual([slow.tries, slow.outcomes], [[0], []]);
});

/** Joins in a world where each attempt takes `takesMs` and the first ones fail. */
function rig({ failures = Number.POSITIVE_INFINITY, repetitionsMax = 0, takesMs = 0 }) {
  const world = new VirtualWorld({ seed: 1 });
  const { logLines: log, runtime } = world.host('n1');
  const tries: number[] = [];
  const outcomes: string[] = [];
  const join = (done: (outcome: JoinOutcome) => void): void => {
    tries.push(runtime.clock.now());
    const error = tries.length > failures ? undefined : new Error('nobody');
    const outcome = error ? { joined: 0, error } : { joined: 2 };
    if (takesMs === 0) done(outcome);
    else runtime.timers.after(takesMs, () => done(outcome));
  };
  const options = { join, replay: true, repetitionsMax, intervalMs: 5_000 };
  const end = retryJoin(options, runtime, (outcome) => outcomes.push(outcome));
  return { world, log, tries, outcomes, end };
}
