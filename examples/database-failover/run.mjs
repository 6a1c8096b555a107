// A database fails over, and DNS tells: three machines, on each a Consul server, a database and a web
// server. The primary's check fails, a replica is promoted, and the web servers, which know nothing but the
// name `primary.db.service.consul`, write on.
//
//   node examples/database-failover/run.mjs [--consul] [--keep] [--within=SECONDS]
//
// Next: machine.mjs (what runs where), promote.mjs (who becomes primary), witness.mjs (what DNS said).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loopbackAddress } from '@reeve/namespaces';
import { Machine } from './machine.mjs';
import { Witness } from './witness.mjs';

const options = parseArgs({
  options: {
    consul: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    within: { type: 'string', default: '2' },
  },
}).values;
/** The interval of the checks is 1 s; a second more is what DNS is given to tell. */
const promisedMs = Number(options.within) * 1_000;
if (!(promisedMs > 0)) fail('--within takes seconds');
const consul = options.consul
  ? (process.env.CONSUL_BIN ?? fail('--consul needs the real program: set CONSUL_BIN to its path.'))
  : fileURLToPath(new URL('../../bin/consul', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'database-failover-'));
const machines = [];
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => end(1));

async function story() {
  await startServers();
  await startServices();
  const [databases, webs] = ['primary.db', 'web'].map((it) => new Witness(machines, `${it}.service.consul`));
  await failOver(databases);
  await loseWeb(webs);
  for (const witness of [databases, webs]) witness.end();
  say(`         DNS answered ${databases.answers} times for primary.db and ${webs.answers} times for web;`);
  const longestMs = Math.max(databases.longestMs, webs.longestMs);
  say(`         a dead one was named for ${(longestMs / 1_000).toFixed(1)} s at most`);
  if (longestMs > promisedMs) throw new Error(`A dead one was named for more than ${promisedMs / 1_000} s.`);
}

async function startServers() {
  for (const name of ['node1', 'node2', 'node3']) {
    machines.push(new Machine(name, await loopbackAddress(), folder, consul, sayIndented));
  }
  const sinceMs = performance.now();
  for (const machine of machines) machine.startAgent(machines[0].address, machines.length);
  let leader;
  await until(async () => {
    const said = await Promise.all(machines.map((machine) => machine.get('/v1/status/leader')));
    leader = machines.find(({ address }) => said.every((it) => it.startsWith(`"${address}:`)));
    return leader !== undefined;
  });
  say(`${seconds(sinceMs)}  three servers agree that ${leader.name} leads`);
}

/** node1's database comes first: nobody is primary, so it will be. */
async function startServices() {
  const sinceMs = performance.now();
  const [first, ...others] = machines;
  for (const machine of machines) machine.startWatch();
  first.startDatabase();
  await until(() => allAnswer('primary.db.service.consul', [first]));
  for (const machine of others) machine.startDatabase();
  for (const machine of machines) machine.startWeb();
  await until(() => allAnswer('replica.db.service.consul', others));
  await until(() => allAnswer('web.service.consul', machines));
  say(`${seconds(sinceMs)}  three databases and three web servers pass their checks`);
  for (const name of ['primary.db', 'replica.db', 'web']) await dig(`${name}.service.consul`);
  await writeRow();
}

async function failOver(witness) {
  const [primary, ...others] = machines;
  await primary.kill('db');
  const sinceMs = performance.now();
  witness.died(primary.address);
  say(`         kill -9 for the database on ${primary.name}, the primary`);
  await until(async () => !(await named('primary.db.service.consul')).has(primary.address));
  say(`${seconds(sinceMs)}  DNS does not name it any more, on any of the machines`);
  await until(async () => (await named('primary.db.service.consul')).size === 1);
  const [address] = await named('primary.db.service.consul');
  const promoted = others.find((machine) => machine.address === address);
  await until(() => allAnswer('primary.db.service.consul', [promoted]));
  await until(async () => (await primary.get('/v1/kv/db/primary?raw')) === promoted.name);
  say(`${seconds(sinceMs)}  DNS names ${promoted.name}, and curl /v1/kv/db/primary?raw says so, too`);
  await dig('primary.db.service.consul');
  await writeRow();

  const backMs = performance.now();
  primary.startDatabase();
  witness.lives(primary.address);
  say(`         the database on ${primary.name} starts again`);
  const replicas = machines.filter((machine) => machine !== promoted);
  await until(() => allAnswer('replica.db.service.consul', replicas));
  await until(() => allAnswer('primary.db.service.consul', [promoted]));
  say(`${seconds(backMs)}  DNS names it as a replica; ${promoted.name} stays the primary`);
}

async function loseWeb(witness) {
  const lost = machines[1];
  await lost.kill('web');
  const sinceMs = performance.now();
  witness.died(lost.address);
  say(`         kill -9 for the web server on ${lost.name}`);
  const left = machines.filter((machine) => machine !== lost);
  await until(() => allAnswer('web.service.consul', left));
  say(`${seconds(sinceMs)}  DNS names the other two`);
  await dig('web.service.consul');
}

/** Whether DNS on every machine names exactly these. */
async function allAnswer(name, expected) {
  const wanted = expected
    .map(({ address }) => address)
    .sort()
    .join();
  const answers = await Promise.all(machines.map((machine) => machine.addresses(name)));
  return answers.every((addresses) => addresses.join() === wanted);
}

/** Whoever DNS names on any machine. */
async function named(name) {
  return new Set((await Promise.all(machines.map((machine) => machine.addresses(name)))).flat());
}

/** What `dig` would show on the last machine. */
async function dig(name) {
  const asked = machines.at(-1);
  const nameOf = (address) => machines.find((machine) => machine.address === address).name;
  say(`         dig @${asked.address} -p8600 +short ${name}`);
  for (const address of await asked.addresses(name)) say(`             ${address}  (${nameOf(address)})`);
}

/** Somebody visits the web server on the last machine, which stores a row in the primary. */
async function writeRow() {
  const { address, name } = machines.at(-1);
  const response = await fetch(`http://${address}:8080/`, { method: 'POST' });
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(`The web server on ${name} could not store a row: ${text}`);
  const primary = machines.find((machine) => machine.address === text);
  say(`         the web server on ${name} stores a row on ${primary.name}`);
}

async function until(holds) {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadlineMs) throw new Error(`Not in ${patienceMs / 1000} s: ${holds}`);
    await sleep(pollMs);
  }
}

async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(machines.map((machine) => machine.end()));
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function say(text) {
  console.log(text);
}

function sayIndented(text) {
  say(`         ${text}`);
}

function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1).padStart(5)} s`;
}

function fail(text) {
  console.error(text);
  return process.exit(1);
}

const patienceMs = 120_000;
const pollMs = 20;

try {
  await story();
  if (options.keep) {
    say(`         look around: bin/consul members -http-addr=${machines[0].address}:8500; Ctrl-C ends this`);
    await new Promise(() => {});
  }
  await end(0);
} catch (error) {
  if (!isEnding) console.error(error.message);
  await end(1);
}
