// `npm run papers`: the experiments of the SWIM and Lifeguard papers with our protocol; see
// packages/sim/src/papers.
//
//   npm run papers                          a few cells of 32 members, a minute or two
//   npm run papers -- --reduced             the tables of docs/protocol/, most of an hour
//   npm run papers -- --full                the papers' whole grid with ten seeds: days
//   npm run papers -- --arms SWIM,Reeve     only these; without SWIM there are no shares of it
//   npm run papers -- --only swim           one of swim, interval, threshold
//   npm run papers -- --stops-at-send       disturbed members stand still as soon as they want to send
//
// Tables go to stdout, progress to stderr. Several runs at once, each in a thread of its own.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { ensureInstalled, rootFolder, runOrExit, say } from './bootstrap.mjs';

const papersEntry = join(rootFolder, 'packages/sim/dist/papers/papers.js');

if (isMainThread) await main();
else await runForParent();

async function main() {
  const options = { arms: { type: 'string' }, only: { type: 'string' } };
  const flags = { reduced: { type: 'boolean' }, full: { type: 'boolean' } };
  const kinds = { 'stops-at-send': { type: 'boolean' } };
  const { values } = parseArgs({ options: { ...options, ...flags, ...kinds } });
  await ensureInstalled();
  runOrExit(process.execPath, [join(rootFolder, 'node_modules/typescript/bin/tsc'), '-b', 'packages/sim']);
  const papers = await import(papersEntry);
  const extent = papers.extents[values.full ? 'full' : values.reduced ? 'reduced' : 'daily'];
  const arms = values.arms?.split(',') ?? Object.keys(papers.arms);
  const isAsked = ({ experiment }) => (values.only ?? experiment) === experiment;
  const kind = { stopsAtSend: values['stops-at-send'] ?? false };
  const outcomes = await runAll(plan(extent, arms, kind).filter(isAsked));
  const of = (experiment) => outcomes.filter(({ run }) => run.experiment === experiment);
  print('SWIM, over the size of the group', of('swim'), papers.swimTable);
  print(`Lifeguard, interval experiment, ${extent.members} members`, of('interval'), papers.intervalTable);
  print('Lifeguard, interval experiment, cell by cell', of('interval'), papers.cellTable);
  print(`Lifeguard, threshold experiment, ${extent.members} members`, of('threshold'), papers.thresholdTable);
}

/** Every run of an extent. */
function plan({ members, anomalies, thresholds, seeds, swimMembers, swimSeeds }, arms, kind) {
  const cells = [
    ...anomalies.map((anomaly) => ({ experiment: 'interval', members, ...anomaly, ...kind })),
    ...thresholds.map((disturbed) => ({ experiment: 'threshold', members, ...disturbed })),
  ];
  return [
    ...swimMembers.flatMap((size) => swimSeeds.map((seed) => ({ experiment: 'swim', members: size, seed }))),
    ...cells.flatMap((cell) => arms.flatMap((arm) => seeds.map((seed) => ({ ...cell, arm, seed })))),
  ];
}

async function runAll(runs) {
  const tally = { runs, next: 0, outcomes: [] };
  await Promise.all(Array.from({ length: availableParallelism() }, () => runInThread(tally)));
  return tally.outcomes;
}

function runInThread(tally) {
  const worker = new Worker(fileURLToPath(import.meta.url));
  const handOut = () => worker.postMessage(tally.runs[tally.next++]);
  worker.on('message', (outcome) => {
    tally.outcomes.push(outcome);
    if (tally.outcomes.length % 10 === 0) say(`${tally.outcomes.length} of ${tally.runs.length} runs`);
    handOut();
  });
  handOut();
  return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
}

/** In a thread: runs come in, outcomes go out, until there is no run. */
async function runForParent() {
  const { runInterval, runSwim, runThreshold } = await import(papersEntry);
  const experiments = { interval: runInterval, swim: runSwim, threshold: runThreshold };
  parentPort.on('message', (run) => {
    if (run === undefined) return parentPort.close();
    parentPort.postMessage({ run, result: experiments[run.experiment](run) });
  });
}

function print(title, outcomes, table) {
  if (outcomes.length === 0) return;
  process.stdout.write(`${title}\n\n${table(outcomes).join('\n')}\n\n`);
}
