// `npm run soak -- --minutes 30`: does an agent that works for a long time grow? Members join, leave and
// crash, events and queries pass, commands come by RPC; every ten seconds the agent collects its garbage and
// says what is left. Through the second half (in the first, buffers fill and code is compiled) a line is
// fitted for each number; it has grown when the line rises, beyond doubt (two standard errors), by over one
// percent. V8 may not optimise: for half an hour it goes on translating functions to machine code, a good
// percent of the heap in fifteen minutes, in which a leak of that size would go unseen.

import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, rootFolder, say } from './bootstrap.mjs';

const sampleMs = 10_000;
const rowsAMinute = 1;
const growthMax = 0.01;
const agentOptions = ['--expose-gc', '--no-opt'];
const watchedNumbers = {
  heapUsed: { name: 'heap', unit: 'KiB', divisor: 1_024 },
  external: { name: 'buffers', unit: 'KiB', divisor: 1_024 },
  rss: { name: 'rss', unit: 'MiB', divisor: 1_048_576 },
  handles: { name: 'handles', unit: 'handles', divisor: 1 },
};

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const durationMs = Number(values.minutes) * 60_000;

await ensureInstalled();
await ensureBuilt({ tests: true });
const { Load } = await import('./soak-load.mjs');

const folder = mkdtempSync(join(tmpdir(), 'reeve-soak-'));
const agent = await startAgent(folder);
const load = new Load(agent);
try {
  await load.start();
  const samples = await watch();
  await load.stop();
  process.exitCode = report(samples) ? 0 : 1;
} finally {
  agent.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}
process.exit();

/** An agent with everything on that can grow; members that are gone are forgotten within a minute. */
async function startAgent(folder) {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const config = join(folder, 'agent.json');
  const timeouts = { reconnect_timeout: '20s', tombstone_timeout: '20s', reconnect_interval: '5s' };
  writeFileSync(config, JSON.stringify({ ...timeouts, user_event_size_limit: 9_216 }));
  const args = ['agent', '-node=agent', `-bind=${host}`, `-rpc-addr=${host}:7373`, '-profile=local'];
  args.push(`-config-file=${config}`, `-snapshot=${join(folder, 'snapshot')}`, '-log-level=debug');
  args.push('-event-handler=user:handled=cat', '-event-handler=member-failed=cat');
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'];
  const child = fork(join(rootFolder, 'scripts/soak-agent.mjs'), args, { execArgv: agentOptions, stdio });
  let printed = '';
  const isReady = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (printed.length < 4_096) printed += text;
      if (printed.includes('Log data will now stream in')) resolve();
    });
  });
  const hasEnded = once(child, 'exit').then(([code]) => {
    throw new Error(`the agent ended with ${code}:\n${printed}`);
  });
  hasEnded.catch(() => {}); // whoever waits for it hears of it
  await Promise.race([isReady, hasEnded]);
  return { child, hasEnded, gossip: `${host}:7946`, rpc: `${host}:7373` };
}

async function watch() {
  const samples = [];
  const startMs = performance.now();
  printRow([
    'minute',
    'heap KiB',
    'buffers KiB',
    'rss MiB',
    'handles',
    'joins',
    'events',
    'answers',
    'commands',
  ]);
  for (let pastMs = 0; pastMs < durationMs; pastMs = performance.now() - startMs) {
    await delay(sampleMs);
    const sample = await Promise.race([measure(), agent.hasEnded]);
    const minute = (performance.now() - startMs) / 60_000;
    samples.push({ ...sample, minute });
    const isDue = Math.floor(minute * rowsAMinute) > Math.floor((minute - sampleMs / 60_000) * rowsAMinute);
    if (isDue) printSample(samples.at(-1));
  }
  return samples;
}

async function measure() {
  agent.child.send('measure');
  const [sample] = await once(agent.child, 'message');
  return sample;
}

function printSample({ minute, heapUsed, external, rss, handles }) {
  const { joins, events, answers, commands } = load.counts;
  const sizes = [(heapUsed / 1_024).toFixed(0), (external / 1_024).toFixed(0), (rss / 1_048_576).toFixed(1)];
  printRow([minute.toFixed(1), ...sizes, handles, joins, events, answers, commands]);
}

function printRow(cells) {
  console.log(cells.map((cell) => String(cell).padStart(11)).join(' '));
}

/** Prints the lines fitted; true if nothing has grown. */
function report(samples) {
  const settled = samples.slice(Math.floor(samples.length / 2));
  if (settled.length < 4) {
    say('Too short to tell.');
    return false;
  }
  console.log(`\nthe second half, ${settled.length} samples:`);
  const verdicts = Object.entries(watchedNumbers).map(([key, { name, unit, divisor }]) => {
    const points = settled.map((sample) => [sample.minute, sample[key] / divisor]);
    const { mean, slope, slopeError } = fitLine(points);
    const minutes = points.at(-1)[0] - points[0][0];
    const hasGrown = (slope - 2 * slopeError) * minutes > growthMax * mean;
    const change = `${(slope * 60).toFixed(2)} ± ${(2 * slopeError * 60).toFixed(2)} ${unit} an hour`;
    console.log(
      `${name.padEnd(8)} ${mean.toFixed(1)} ${unit}, changing by ${change}: ${hasGrown ? 'GROWS' : 'level'}`,
    );
    return !hasGrown;
  });
  console.log(`done: ${JSON.stringify(load.counts)}`);
  if (load.lastFailure) console.log(`the last failure: ${load.lastFailure.message}`);
  return verdicts.every(Boolean);
}

/** Least squares. */
function fitLine(points) {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const squares = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { mean: meanY, slope, slopeError: Math.sqrt(squares / (points.length - 2) / spread) };
}
