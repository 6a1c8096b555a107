// Whole servers under partitions, crashes that lose what was not synced, stalled processes and slow disks,
// with clients over HTTP: whatever happens, what clients are told stays true.
// REEVE_CONSUL_SEED and REEVE_CONSUL_SEEDS choose the runs, REEVE_CONSUL_SECONDS how long each is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStorm } from './storm.ts';

const seeds = Number(process.env.REEVE_CONSUL_SEEDS ?? 6);
const from = Number(process.env.REEVE_CONSUL_SEED ?? 1);
const seconds = Number(process.env.REEVE_CONSUL_SECONDS ?? 30);

test(`clients are told the truth in ${seeds} runs of ${seconds} s with faults`, async () => {
  let operations = 0;
  let answered = 0;
  let wakeUps = 0;
  let holds = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    try {
      const stage = await runStorm(seed, seconds * 1_000);
      operations += stage.keys.length;
      answered += stage.keys.filter(({ returned }) => Number.isFinite(returned)).length;
      wakeUps += stage.wakeUps;
      holds += stage.holds.length;
    } catch (error) {
      const again = `REEVE_CONSUL_SEED=${seed} REEVE_CONSUL_SEEDS=1 REEVE_CONSUL_SECONDS=${seconds}`;
      throw new Error(`${again}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (seeds === 1) return; // a single run is there to be looked at
  assert.ok(answered > seeds * seconds * 2, `only ${answered} answers prove little`);
  assert.ok(operations > answered, 'nothing was lost: there were no faults');
  assert.ok(wakeUps > (seeds * seconds) / 2, `only ${wakeUps} wake-ups prove little`);
  assert.ok(holds > seeds, `only ${holds} locks prove little`);
});
