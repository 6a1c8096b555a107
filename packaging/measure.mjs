// How long `version` and `members` take from start to end, and how much processor time, of the executables,
// bin/serf and, if SERF_BIN says where it is, the real Serf. In turns, so that whatever else the machine does
// hits all of them.

import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootFolder } from '../scripts/bootstrap.mjs';

/** Prints the median and the best of so many rounds, and the mean of the processor time. Linux only. */
export async function measure(executables, rounds) {
  // Node reads this file at every start (35 ms), which says nothing about our programs.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const ours = join(rootFolder, 'bin/serf');
  const real = process.env.SERF_BIN ? [process.env.SERF_BIN] : [];
  const address = `127.${randomInt(1, 255)}.${randomInt(256)}.1`;
  const rpc = `-rpc-addr=${address}:7373`;
  const agent = spawn(ours, ['agent', `-bind=${address}`, rpc], { stdio: 'ignore' });
  try {
    while (spawnSync(ours, ['members', rpc]).status !== 0) await delay(100);
    for (const args of [['version'], ['members', rpc]])
      compare([...executables, ours, ...real], args, rounds);
  } finally {
    agent.kill('SIGKILL');
  }
}

function compare(programs, args, rounds) {
  const runs = programs.map((program) => ({ program, tookMs: [], processorMs: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      const [startMs, processorMs] = [performance.now(), childrensProcessorMs()];
      spawnSync(run.program, args);
      run.tookMs.push(performance.now() - startMs);
      run.processorMs += childrensProcessorMs() - processorMs;
    }
  }
  for (const { program, tookMs, processorMs } of runs) {
    tookMs.sort((a, b) => a - b);
    const [best, median] = [tookMs[0], tookMs[Math.floor(rounds / 2)]].map((ms) => ms.toFixed(1));
    const processor = (processorMs / rounds).toFixed(1);
    console.log(`${args[0]}: median ${median} ms, best ${best} ms, processor ${processor} ms: ${program}`);
  }
}

/** Of all children that have ended, in steps of 10 ms: enough for a mean of many. */
function childrensProcessorMs() {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const [user, system] = fields.slice(13, 15).map(Number);
  return (user + system) * msATick;
}

const msATick = 10;
