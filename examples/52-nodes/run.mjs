// 52 machines on one Ethernet, an agent on each, and nobody told of anybody: they have only the cluster's
// name, `-discover=webapp`. Five crash, five leave, all come back; each time it is measured how long it
// takes until every agent that runs has the right idea of all 52.
//
//   sudo node examples/52-nodes/run.mjs [--nodes=52] [--keep]
//
// Next: node.mjs (one agent), screen.mjs (the table).

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { NamespaceNetwork, namespacesMissing } from '@reeve/namespaces';
import { Node } from './node.mjs';
import { Screen } from './screen.mjs';

const options = parseArgs({
  options: { nodes: { type: 'string', default: '52' }, keep: { type: 'boolean', default: false } },
}).values;
const size = Number(options.nodes);
if (!(size >= 13 && size <= 250)) fail('--nodes takes 13 to 250');
const missing = namespacesMissing();
if (missing) fail(`This example ${missing}.`);

// First of all: whoever stops this early shall not have to clean up.
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => end(1));

const network = makeMachines();
const nodes = Array.from({ length: size }, (_, index) => {
  const name = `web${String(index + 1).padStart(2, '0')}`;
  return new Node(name, network.address(index + 1), network.enter(index + 1));
});
const screen = new Screen(nodes);

function makeMachines() {
  try {
    return new NamespaceNetwork(size);
  } catch (error) {
    return fail(`The machines cannot be made: ${error.message}`);
  }
}

async function story() {
  const startMs = performance.now();
  screen.show(() => `starting ${nodes.filter(({ state }) => state === 'running').length} of ${size}`);
  await inPairs(nodes, (node) => node.start());
  screen.say(`${seconds(startMs)}  ${size} agents started, ${availableParallelism()} at a time`);
  await until(`all ${size} agents see ${size} alive`, { alive: size, failed: 0, left: 0 });

  const [crashing, leaving] = [nodes.slice(-10, -5), nodes.slice(-5)];
  await Promise.all(crashing.map((node) => node.crash()));
  screen.say(`         kill -9 for ${names(crashing)}`);
  await until(`all ${size - 5} agents see 5 failed`, { alive: size - 5, failed: 5, left: 0 });

  const gone = Promise.all(leaving.map((node) => node.leave()));
  screen.say(`         Ctrl-C for ${names(leaving)}`);
  await until(`all ${size - 10} agents see 5 left`, { alive: size - 10, failed: 5, left: 5 }, leaving);
  await gone;

  screen.say('         starting all ten again');
  await Promise.all([
    inPairs([...crashing, ...leaving], (node) => node.start()),
    until(`all ${size} agents see ${size} alive`, { alive: size, failed: 0, left: 0 }),
  ]);
}

/** Waits until every agent that runs sees so many members of each status, and says how long it took. */
async function until(what, expected, notCounted = []) {
  const sinceMs = performance.now();
  const isRight = (node) =>
    Object.entries(expected).every(([status, wanted]) => node.count(status) === wanted);
  const asked = () => nodes.filter((node) => node.state === 'running' && !notCounted.includes(node));
  const right = () => asked().filter(isRight).length;
  const isDone = () => right() === asked().length && asked().length === expected.alive;
  screen.show(() => `${right()} of ${asked().length} agents see ${sentence(expected)}`);
  while (!isDone()) {
    if (performance.now() - sinceMs > patienceMs) throw new Error(`Not in ${patienceMs / 1000} s: ${what}`);
    await sleep(pollMs);
  }
  screen.say(`${seconds(sinceMs)}  ${what}`);
  await confirm(asked(), expected);
}

/** The logs have told; three of the agents are asked whether `serf members` shows the same. */
async function confirm(asked, expected) {
  const some = [0, 1, 2].map((third) => asked[Math.floor(((third + 0.5) * asked.length) / 3)]);
  for (const node of some) {
    const statuses = [...(await node.askMembers()).values()];
    for (const [status, wanted] of Object.entries(expected)) {
      const shown = statuses.filter((it) => it === status).length;
      if (shown !== wanted)
        throw new Error(`serf members on ${node.name}: ${shown} ${status}, not ${wanted}`);
    }
  }
  screen.say(`         serf members says the same on ${names(some)}`);
}

/** As many at once as there are cores. */
async function inPairs(all, act) {
  const waiting = [...all];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

async function keep() {
  screen.say(`         look around: ${[...network.enter(1)].join(' ')} bin/serf members; Ctrl-C ends this`);
  screen.show(() => 'until Ctrl-C');
  await new Promise(() => {});
}

/** Stops all agents, removes the machines and ends. The table stays as it was. */
async function end(code) {
  if (isEnding) return;
  isEnding = true;
  const running = nodes.filter(({ state }) => state === 'running');
  const memory = running.map((node) => node.residentMiB());
  screen.close();
  if (memory.length > 0) {
    const all = memory.reduce((sum, mebibytes) => sum + mebibytes, 0);
    console.log(`\n${memory.length} agents use ${(all / memory.length).toFixed(0)} MiB each`);
  }
  await Promise.all(nodes.map((node) => node.crash()));
  network.remove();
  process.exit(code);
}

function sentence(expected) {
  return Object.entries(expected)
    .filter(([, wanted]) => wanted > 0)
    .map(([status, wanted]) => `${wanted} ${status}`)
    .join(', ');
}

function names(some) {
  return some.map(({ name }) => name).join(', ');
}

function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1).padStart(5)} s`;
}

function fail(text) {
  console.error(text);
  return process.exit(1);
}

const patienceMs = 180_000;
const pollMs = 50;

try {
  await story();
  if (options.keep) await keep();
  await end(0);
} catch (error) {
  if (!isEnding) screen.say(error.message);
  await end(1);
}
