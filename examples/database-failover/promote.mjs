// The handler of the watch on the service `db`, on each machine. It is run whenever an instance comes, goes,
// or becomes well or ill, and gets all of them on standard input.
//
// Nobody well is primary: it takes the lock, looks again, and makes the database of this machine the primary.
// Somebody else is: it makes this one a replica, whatever it was before it fell ill.
//
// `consul lock` runs it again, with `promote` as its argument, when it has the lock. What fails costs a line:
// the next change is the next try, and `consul watch` would end with a handler that fails.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { CONSUL_HTTP_ADDR: agent, CONSUL: consul, MACHINE: machine, DATABASE: database } = process.env;

try {
  if (process.argv[2] === 'promote') await promote();
  else await onChange(JSON.parse(readFileSync(0, 'utf8')));
} catch (error) {
  console.log(`${machine}: ${error.message}`);
}

async function onChange(instances) {
  const primaries = instances.filter(isPrimary).map(({ Node }) => Node.Node);
  const own = instances.find(isOwn);
  if (primaries.length === 0 && own && isWell(own)) await takeLock();
  else if (primaries.length > 0 && own && !primaries.includes(machine)) await stepBack(own);
}

/** Waits for the lock, and promotes under it; who loses it is stopped. Without a leader it tries again. */
async function takeLock() {
  const command = [process.execPath, fileURLToPath(import.meta.url), 'promote'];
  const words = ['lock', '-shell=false', 'db/failover', ...command];
  while (spawnSync(consul, words, { stdio: 'inherit' }).status !== 0) await sleep(1_000);
}

/** Somebody may have had the lock before: what counts is what a quorum says now. */
async function promote() {
  const instances = await (await ask('GET', '/v1/health/service/db?consistent')).json();
  const primary = instances.find(isPrimary);
  if (primary) return console.log(`${machine} has the lock, but ${primary.Node.Node} is primary already`);
  if (!instances.some((instance) => isOwn(instance) && isWell(instance))) return;
  await tellDatabase('primary');
  await register('primary');
  await ask('PUT', '/v1/kv/db/primary', machine);
  console.log(`${machine} has the lock, and its database is the primary now`);
}

/** A dead database cannot be told; it will be when it is well again. */
async function stepBack(own) {
  if (isWell(own)) await tellDatabase('replica');
  if (own.Service.Tags.includes('primary')) await register('replica');
}

function tellDatabase(role) {
  return request('PUT', `http://${database}/${role}`);
}

/** A service that is registered again keeps its checks. */
function register(role) {
  const [address, port] = database.split(':');
  const service = { Name: 'db', Address: address, Port: Number(port), Tags: [role] };
  return ask('PUT', '/v1/agent/service/register', JSON.stringify(service));
}

function isOwn({ Node }) {
  return Node.Node === machine;
}

function isPrimary(instance) {
  return instance.Service.Tags.includes('primary') && isWell(instance);
}

function isWell({ Checks }) {
  return Checks.every(({ Status }) => Status === 'passing');
}

function ask(method, path, body) {
  return request(method, `http://${agent}${path}`, body);
}

async function request(method, url, body) {
  const response = await fetch(url, { method, body, signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}
