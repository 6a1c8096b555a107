// `npm run sim`: simulated clusters that run the real protocol (packages/sim).
//
//   npm run sim -- --seed 42               one storm
//   npm run sim -- --seed 42 --until 93s   the same up to a moment, and what it looks like then
//   npm run sim -- --seed 42 --script      its script, to be edited
//   npm run sim -- --seeds 1..1000         many; every failure prints the line that shows it again
//   npm run sim -- --scenario long-partition --seed 42    another scenario of packages/sim/src/scenarios
//   npm run sim -- FILE                    a script or transcript; its questions are answered
//   npm run sim -- --rewrite               all transcripts of packages/sim/test, with the answers of now
//
// Results go to stdout, progress to stderr; ends with 1 when a property did not hold. Several seeds run at
// once, each in a thread of its own.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ensureInstalled, rootFolder, runOrExit, say } from './bootstrap.mjs';

const simEntry = join(rootFolder, 'packages/sim/dist/index.js');
const transcriptsFolder = join(rootFolder, 'packages/sim/test/transcripts');
const logMs = 5_000;

if (isMainThread) process.exitCode = await main();
else await runForParent();

async function main() {
  const texts = ['scenario', 'seed', 'seeds', 'until'];
  const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' }]));
  const flags = { script: { type: 'boolean' }, rewrite: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options: { ...options, ...flags }, allowPositionals: true });
  await ensureInstalled();
  runOrExit(process.execPath, [join(rootFolder, 'node_modules/typescript/bin/tsc'), '-b', 'packages/sim']);
  const sim = await import(simEntry);
  if (values.rewrite) return rewrite(sim);
  if (positionals.length > 0) return tell(sim, positionals);
  const scenario = values.scenario ?? 'storm';
  if (!Object.hasOwn(sim.scenarios, scenario)) {
    say(`there is no scenario "${scenario}": ${Object.keys(sim.scenarios).join(', ')}`);
    return 1;
  }
  if (values.seeds) return hunt(values.seeds, sim, scenario);
  const seed = Number(values.seed ?? '1');
  if (values.script) return print(sim.scenarios[scenario](seed));
  return values.until ? replay(sim, scenario, seed, values.until) : runOne(sim, scenario, seed);
}

function runOne(sim, scenario, seed) {
  const report = sim.run(sim.scenarios[scenario](seed));
  print([`seed ${seed}: ${sim.describeReport(report).join('\n  ')}`]);
  if (!report.violation) return 0;
  print([sim.replayLine(seed, report.violation, scenario)]);
  return 1;
}

function replay(sim, scenario, seed, until) {
  const script = sim.scenarios[scenario](seed);
  const simulation = sim.runScript(script, sim.parseMs(until));
  print([`script of seed ${seed}`, ...script.map((line) => `  ${line}`)]);
  print(sim.describeMoment(simulation, logMs));
  return simulation.violation ? 1 : 0;
}

function tell(sim, paths) {
  for (const path of paths) process.stdout.write(sim.retellTranscript(readFileSync(path, 'utf8')));
  return 0;
}

function rewrite(sim) {
  for (const name of readdirSync(transcriptsFolder)) {
    const path = join(transcriptsFolder, name);
    writeFileSync(path, sim.retellTranscript(readFileSync(path, 'utf8')));
  }
  return 0;
}

/** Seeds from a range such as `1..1000`, over all cores. */
async function hunt(range, sim, scenario) {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(range) ?? [];
  if (last === undefined || Number(first) > Number(last)) {
    say(`"${range}" is no range of seeds, such as 1..1000`);
    return 1;
  }
  const tally = { next: Number(first), last: Number(last), run: 0, failed: 0, idle: 0, virtualMs: 0 };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: availableParallelism() }, () => huntInThread(tally, sim, scenario)));
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  const seconds = Math.round(tally.virtualMs / 1_000);
  const speed = Math.round(seconds / tookSeconds);
  print([
    `${tally.run} seeds, ${tally.failed} failed; ${tally.idle} had no lost packet, separation or death`,
    `${seconds} simulated seconds in ${tookSeconds.toFixed(1)}, ${speed} times as fast`,
  ]);
  return tally.failed === 0 ? 0 : 1;
}

function huntInThread(tally, sim, scenario) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: scenario });
  const handOut = () => worker.postMessage(tally.next <= tally.last ? tally.next++ : undefined);
  worker.on('message', ({ seed, report }) => {
    count(tally, seed, report, sim, scenario);
    handOut();
  });
  handOut();
  return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
}

function count(tally, seed, report, sim, scenario) {
  tally.run++;
  tally.virtualMs += report.lastedMs;
  if (!report.provesSomething) tally.idle++;
  if (report.violation) {
    tally.failed++;
    print([
      `seed ${seed} ${sim.describeViolation(report.violation)}`,
      sim.replayLine(seed, report.violation, scenario),
    ]);
  }
  if (tally.run % 50 === 0) say(`${tally.run} seeds, ${tally.failed} failed`);
}

/** In a thread: seeds come in, reports go out, until there is no seed. */
async function runForParent() {
  const sim = await import(simEntry);
  parentPort.on('message', (seed) => {
    if (seed === undefined) return parentPort.close();
    parentPort.postMessage({ seed, report: sim.run(sim.scenarios[workerData](seed)) });
  });
}

function print(lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}
