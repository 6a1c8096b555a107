// One seed, one run: every packet and every event of every process at the same moment.

import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run, Simulation, storm } from '@reeve/sim';

test('the same seed gives the same run, event by event, whatever ran before', () => {
  const first = run(storm(11));
  run(storm(12));
  const second = run(storm(11));
  equal(second.trace, first.trace);
  deepEqual(second, first);
});

test('the same seed gives the same run in another process', () => {
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  const script = `import(${JSON.stringify(entry)}).then((sim) => console.log(sim.run(sim.storm(11)).trace))`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  equal(stdout.trim(), run(storm(11)).trace);
});

test('another seed gives another run', () => {
  const traces = [1, 2, 3, 4].map((seed) => {
    const simulation = new Simulation({ seed, nodes: 3 });
    simulation.form();
    return simulation.trace;
  });
  equal(new Set(traces).size, 4);
});

test('one packet more is another run', () => {
  const traceOf = (packets: number) => {
    const simulation = new Simulation({ seed: 1, nodes: 2 });
    simulation.form();
    for (let sent = 0; sent < packets; sent++) simulation.node('n1').event('e', String(sent));
    simulation.run(1_000);
    return simulation.trace;
  };
  equal(traceOf(1), traceOf(1));
  notEqual(traceOf(1), traceOf(2));
});

test('watching a run does not change it', () => {
  const quiet = new Simulation({ seed: 5, nodes: 4, checkers: [] });
  const watched = new Simulation({ seed: 5, nodes: 4 });
  const fromAfar = new Simulation({ seed: 5, nodes: 4, fromAfar: true });
  for (const simulation of [quiet, watched, fromAfar]) {
    simulation.form();
    simulation.node('n2').crash();
    simulation.run(20_000);
  }
  equal(watched.trace, quiet.trace);
  equal(fromAfar.trace, quiet.trace);
});
