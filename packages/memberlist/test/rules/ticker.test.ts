// The repetition of everything that is done at intervals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ticker } from '@reeve/memberlist';
import { VirtualWorld } from '@reeve/runtime/virtual';

test('it begins somewhere in the first interval and then keeps its rhythm', () => {
  const firsts = new Set<number>();
  for (let seed = 1; seed <= 20; seed++) {
    const world = new VirtualWorld({ seed });
    const ticks: number[] = [];
    new Ticker(
      world.host('10.0.0.1').runtime,
      () => 1_000,
      (done) => {
        ticks.push(world.now);
        done();
      },
    );
    world.run(10_000);
    const [first = -1] = ticks;
    assert.ok(first >= 0 && first < 1_000);
    firsts.add(first);
    assert.equal(ticks.length, 10);
    assert.deepEqual(
      ticks.map((tick) => Math.round(tick - first)),
      ticks.map((_, index) => index * 1_000),
    );
  }
  assert.ok(firsts.size > 15);
});

test('an action that takes too long costs the ticks it misses, but the rhythm stays', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime } = world.host('10.0.0.1');
  const ticks: number[] = [];
  const tookMs = [2_500, 300, 1_000, 0];
  new Ticker(
    runtime,
    () => 1_000,
    (done) => {
      runtime.timers.after(tookMs[ticks.length] ?? 0, done);
      ticks.push(world.now);
    },
  );
  world.run(10_000);
  const [first = 0] = ticks;
  const offsets = ticks.map((tick) => Math.round(tick - first));
  // As Go's ticker, which keeps one missed tick: the third comes at 2,500, as soon as the first is over.
  assert.deepEqual(offsets.slice(0, 5), [0, 2_500, 3_000, 4_000, 5_000]);
});

test('the interval is asked anew each time', () => {
  const world = new VirtualWorld({ seed: 1 });
  const ticks: number[] = [];
  new Ticker(
    world.host('10.0.0.1').runtime,
    () => (ticks.length < 3 ? 100 : 1_000),
    (done) => {
      ticks.push(world.now);
      done();
    },
  );
  world.run(5_000);
  const gaps = ticks.slice(1).map((tick, index) => Math.round(tick - (ticks[index] ?? 0)));
  assert.deepEqual(gaps.slice(0, 4), [100, 100, 1_000, 1_000]);
});

test('stopped, it does nothing more, not even when an action ends later', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime } = world.host('10.0.0.1');
  let ticks = 0;
  const ticker = new Ticker(
    runtime,
    () => 100,
    (done) => {
      ticks += 1;
      runtime.timers.after(50, done);
    },
  );
  world.runUntil(() => ticks === 1, 1_000);
  ticker.stop();
  world.run(1_000);
  assert.equal(ticks, 1);
});

test('asleep it does nothing; woken, it ticks when it would have ticked anyway', () => {
  const world = new VirtualWorld({ seed: 1 });
  const ticks: number[] = [];
  const ticker = new Ticker(
    world.host('10.0.0.1').runtime,
    () => 1_000,
    (done) => {
      ticks.push(world.now);
      done('sleep');
    },
  );
  world.runUntil(() => ticks.length === 1, 1_000);
  for (const asleepMs of [10_300, 999, 0]) {
    const lastTick = ticks.at(-1) ?? 0;
    world.run(asleepMs);
    assert.equal(ticks.at(-1), lastTick);
    const wokenAt = world.now;
    ticker.wake();
    ticker.wake();
    world.run(3_000);
    const rounds = Math.floor((wokenAt - lastTick) / 1_000) + 1;
    assert.deepEqual(
      ticks.filter((tick) => tick > lastTick).map((tick) => Math.round(tick - lastTick)),
      [rounds * 1_000],
    );
  }
});

test('stopped in its sleep, it cannot be woken', () => {
  const world = new VirtualWorld({ seed: 1 });
  let ticks = 0;
  const ticker = new Ticker(
    world.host('10.0.0.1').runtime,
    () => 100,
    (done) => {
      ticks += 1;
      done('sleep');
    },
  );
  world.runUntil(() => ticks === 1, 100);
  ticker.stop();
  ticker.wake();
  world.run(1_000);
  assert.equal(ticks, 1);
});
