// How often an agent tells where it is. consul.md 7.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CoordinateUpdates } from '../../dist/agent/coordinate-updates.js';
import { MethodTable } from '../../dist/rpc/method-table.js';
import { coordinate } from '../../dist/rpc/methods/index.js';
import { startLoneServer } from '../kit/lone-server.ts';

const origin = { vec: new Array<number>(8).fill(0), error: 1.5, adjustment: 0, height: 1e-5 };

async function updatesOf(clusterSize: number, forMs: number, isFailing = false) {
  const { world, log } = startLoneServer();
  const asked: object[] = [];
  const caller = new MethodTable();
  caller.serve(coordinate.update, async (request) => {
    asked.push(request);
    if (isFailing) throw new Error('No cluster leader');
    return {};
  });
  const updates = new CoordinateUpdates({
    runtime: { ...world.host('10.0.0.2').runtime, log: (_level, text) => void log.push(text) },
    caller,
    datacenter: 'dc1',
    nodeName: 'n1',
    rateTarget: 64,
    intervalMinMs: 15_000,
    clusterSize: () => clusterSize,
    coordinate: () => origin,
  });
  for (let ms = 0; ms < forMs; ms += 1_000) {
    world.run(1_000);
    await setImmediate();
  }
  updates.stop();
  return { asked, log };
}

test('an agent tells its coordinate every 15 to 30 seconds', async () => {
  const { asked } = await updatesOf(3, 300_000);
  assert.ok(asked.length >= 10 && asked.length <= 20, `${asked.length}`);
  assert.deepEqual(asked[0], {
    datacenter: 'dc1',
    node: 'n1',
    segment: '',
    token: '',
    coordinate: origin,
  });
});

test('6,400 agents tell theirs every 100 to 200 seconds each', async () => {
  const { asked } = await updatesOf(6_400, 1_000_000);
  assert.ok(asked.length >= 5 && asked.length <= 10, `${asked.length}`);
});

test('an update that fails is noted, and the next one follows', async () => {
  const { asked, log } = await updatesOf(3, 100_000, true);
  assert.ok(asked.length > 1);
  assert.ok(log.includes('agent: Coordinate update error: error="No cluster leader"'));
});
