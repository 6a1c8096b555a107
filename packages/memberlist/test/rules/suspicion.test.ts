// The time a suspect has.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { Suspicion, type SuspicionTerms } from '../../dist/core/suspicion.js';

const terms: SuspicionTerms = { confirmationsWanted: 3, minMs: 500, maxMs: 2_000 };

function suspicionIn(
  world: VirtualWorld,
  chosen = terms,
): { suspicion: Suspicion; expiredAt: () => number | undefined } {
  let expiredAtMs: number | undefined;
  const suspicion = new Suspicion(world.host('10.0.0.1').runtime, 'me', chosen, () => {
    assert.equal(expiredAtMs, undefined, 'it expires once');
    expiredAtMs = world.now;
  });
  return { suspicion, expiredAt: () => expiredAtMs };
}

// Upstream's table: how many of the accusers count, and when it ends, if they come every 25 ms.
for (const [accusers, news, endsAtMs] of [
  [[], [], 2_000],
  [['me', 'foo'], [false, true], 1_250],
  [['me', 'foo', 'foo', 'foo'], [false, true, false, false], 1_250],
  [['me', 'foo', 'bar'], [false, true, true], 811],
  [['me', 'foo', 'bar', 'baz'], [false, true, true, true], 500],
  [['me', 'foo', 'bar', 'baz', 'zoo'], [false, true, true, true, false], 500],
] as const) {
  test(`[34] accused by ${accusers.join(', ') || 'nobody else'}, a suspect has ${endsAtMs} ms`, () => {
    const world = new VirtualWorld({ seed: 1 });
    const { suspicion, expiredAt } = suspicionIn(world);
    for (const [index, accuser] of accusers.entries()) {
      world.run(25);
      assert.equal(suspicion.confirm(accuser), news[index]);
    }
    world.run(3_000);
    assert.equal(expiredAt(), endsAtMs);
  });
}

test('when no confirmations are wanted a suspect has the shortest time from the start', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { suspicion, expiredAt } = suspicionIn(world, { ...terms, confirmationsWanted: 0 });
  assert.equal(suspicion.confirm('foo'), false);
  world.run(3_000);
  assert.equal(expiredAt(), 500);
});

test('a confirmation that comes later than the time it leaves ends the suspicion at once', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { suspicion, expiredAt } = suspicionIn(world, { ...terms, confirmationsWanted: 1 });
  world.run(800);
  suspicion.confirm('foo');
  assert.equal(expiredAt(), undefined, 'not inside the call');
  world.run(1);
  assert.equal(expiredAt(), 800);
});

test('a cancelled suspicion never ends', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { suspicion, expiredAt } = suspicionIn(world);
  suspicion.confirm('foo');
  suspicion.cancel();
  world.run(5_000);
  assert.equal(expiredAt(), undefined);
});
