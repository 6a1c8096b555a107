// `npm run sim`: simulated clusters that run the real protocol (packages/sim).
//
//   npm run sim -- --seed 42               one storm
//   npm run sim -- --seed 42 --until 93s   the same up to a moment, and what it looks like then
//   npm run sim -- --seed 42 --script      its script, to be edited
//   npm run sim -- --seeds 1..1000         many; every failure prints the line that shows it again
//   npm run sim -- --scenario long-partition --seed 42    another scenario of packages/sim/src/scenarios
//   npm run sim -- --scenario consul --seeds 1..1000      Consul's servers (packages/consul/test/simulation)
//   npm run sim -- --scenario consul --servers 5 --seed 7 so many of them, and not as many as the seed says
//   npm run sim -- FILE                    a script or transcript; its questions are answered
//   npm run sim -- --rewrite               all transcripts of packages/sim/test, with the answers of now
//
// Results go to stdout, progress to stderr; ends with 1 when a property did not hold. Several seeds run at
// once, each in a thread of its own, as many as there are cores or `--threads` says. What can be simulated is
// loaded by sim-worlds.mjs.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ensureInstalled, rootFolder, runOrExit, say } from './bootstrap.mjs';
import { againLine, consulScenario, loadWorld, projectsOf, simEntry } from './sim-worlds.mjs';

const transcriptsFolder = join(rootFolder, 'packages/sim/test/transcripts');
const logMs = 5_000;
const progressEveryMs = 10_000;

if (isMainThread) process.exitCode = await main();
else await runForParent();

async function main() {
  const texts = ['scenario', 'servers', 'seed', 'seeds', 'until', 'threads'];
  const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' }]));
  const flags = { script: { type: 'boolean' }, rewrite: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options: { ...options, ...flags }, allowPositionals: true });
  const scenario = values.scenario ?? 'storm';
  const seed = Number(values.seed ?? '1');
  await ensureInstalled();
  const compiler = join(rootFolder, 'node_modules/typescript/bin/tsc');
  runOrExit(process.execPath, [compiler, '-b', ...projectsOf(scenario)]);
  const sim = await import(simEntry);
  if (values.rewrite) return rewrite(sim);
  if (positionals.length > 0) return tell(sim, positionals);
  const known = [...Object.keys(sim.scenarios), consulScenario];
  if (!known.includes(scenario)) {
    say(`there is no scenario "${scenario}": ${known.join(', ')}`);
    return 1;
  }
  const wish = wishOf(scenario, values.servers);
  if (wish === undefined) return 1;
  if (values.seeds) return hunt(values.seeds, wish, Number(values.threads ?? availableParallelism()));
  if (scenario === consulScenario) return runOne(wish, seed);
  if (values.script) return print(sim.scenarios[scenario](seed));
  return values.until ? replay(sim, scenario, seed, values.until) : runOne(wish, seed);
}

/** What is to be simulated, with how many servers if somebody said so; undefined if that makes no sense. */
function wishOf(scenario, servers) {
  if (servers === undefined) return { scenario };
  if (scenario === consulScenario && /^[3-9]$/.test(servers)) return { scenario, servers: Number(servers) };
  say(`--servers is for --scenario ${consulScenario}, a number from 3 to 9`);
  return undefined;
}

async function runOne(wish, seed) {
  const world = await loadWorld(wish);
  const report = await world.simulate(seed);
  print([`seed ${seed}: ${world.describe(report).join('\n  ')}`]);
  if (!report.violation) return 0;
  print([world.again(seed, report)]);
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

/** Seeds from a range such as `1..1000`, in threads. */
async function hunt(range, wish, threads) {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(range) ?? [];
  if (last === undefined || Number(first) > Number(last)) {
    say(`"${range}" is no range of seeds, such as 1..1000`);
    return 1;
  }
  const world = await loadWorld(wish);
  const tally = {
    next: Number(first),
    last: Number(last),
    run: 0,
    failed: 0,
    idle: 0,
    virtualMs: 0,
    happened: {},
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: threads }, () => huntInThreads(tally, world, wish)));
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  const seconds = Math.round(tally.virtualMs / 1_000);
  const speed = Math.round(seconds / tookSeconds);
  print([
    `${tally.run} seeds, ${tally.failed} failed; ${tally.idle} prove nothing, as nothing went wrong`,
    `what happened: ${world.describeHappened(tally.happened)}`,
    `${seconds} simulated seconds in ${tookSeconds.toFixed(1)}, ${speed} times as fast`,
  ]);
  return tally.failed === 0 ? 0 : 1;
}

/** One thread after the other: what nobody catches ends a thread, and its seed has failed. */
async function huntInThreads(tally, world, wish) {
  while (tally.next <= tally.last) await huntInThread(tally, world, wish);
}

function huntInThread(tally, world, wish) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: wish });
  let seed;
  const handOut = () => {
    seed = tally.next <= tally.last ? tally.next++ : undefined;
    worker.postMessage(seed);
  };
  worker.on('message', (report) => {
    count(tally, seed, report, world);
    handOut();
  });
  handOut();
  return new Promise((resolve) => {
    worker.on('exit', resolve).on('error', (error) => {
      fail(tally, seed, error.stack, againLine(wish, seed));
    });
  });
}

function count(tally, seed, report, world) {
  tally.virtualMs += report.lastedMs;
  for (const [what, times] of Object.entries(report.happened)) {
    tally.happened[what] = (tally.happened[what] ?? 0) + times;
  }
  if (!report.provesSomething) tally.idle++;
  if (report.violation) return fail(tally, seed, world.complain(report), world.again(seed, report));
  progress(tally);
}

function fail(tally, seed, complaint, again) {
  tally.failed++;
  print([`seed ${seed} ${complaint}`, again]);
  progress(tally);
}

function progress(tally) {
  tally.run++;
  if (performance.now() < tally.sayAtMs) return;
  tally.sayAtMs = performance.now() + progressEveryMs;
  say(`${tally.run} seeds, ${tally.failed} failed`);
}

/** In a thread: seeds come in, reports go out, until there is no seed. */
async function runForParent() {
  const world = await loadWorld(workerData);
  parentPort.on('message', async (seed) => {
    if (seed === undefined) return parentPort.close();
    parentPort.postMessage(await world.simulate(seed));
  });
}

function print(lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}
