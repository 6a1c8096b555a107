// A web tier as a user of Consul lives with it: one server, two web servers described in JSON files, with
// checks; DNS, the catalog and a key over HTTP; and a watch that writes the proxy's file. A web server is
// stopped, one has too much to do, one is taken out for maintenance, and a third comes with a reload.
//
//   node examples/web-service/run.mjs [--consul] [--keep]
//
// Next: agent.mjs (the server, and what it is asked), upstream.mjs (the handler of the watch).

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loopbackAddress } from '@reeve/namespaces';
import { Agent } from './agent.mjs';
import { start, stop, stopAll } from './programs.mjs';
import { Visitor } from './visitor.mjs';

const options = parseArgs({
  options: { consul: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
}).values;
const consul = options.consul
  ? (process.env.CONSUL_BIN ?? fail('--consul needs the real program: set CONSUL_BIN to its path.'))
  : fileURLToPath(new URL('../../bin/consul', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'web-service-'));
const upstreams = join(folder, 'upstream.conf');
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => end(1));

const agent = new Agent(await loopbackAddress(), folder, consul);
const proxy = `${await loopbackAddress()}:8000`;
const webs = [];
for (const number of [1, 2, 3]) {
  const port = 8000 + number;
  webs.push({ name: `web${number}`, address: await loopbackAddress(), port });
}
const [web1, web2, web3] = webs;

async function story() {
  await startAll();
  await useKey();
  const visitor = new Visitor(`http://${proxy}/`);
  await stopOne();
  await giveTooMuchToDo();
  await maintain();
  await reload();
  await visitor.end();
  say(`         somebody visited the proxy ${visitor.visits} times, ${visitor.inVain} times in vain`);
  if (visitor.inVain > 0) throw new Error('A visitor was not answered.');
}

async function startAll() {
  for (const web of [web1, web2]) define(web);
  const sinceMs = performance.now();
  agent.start();
  await until(async () => (await agent.get('/v1/status/leader')) !== '""');
  say(`${seconds(sinceMs)}  the Consul server answers, and leads`);
  const servicesMs = performance.now();
  for (const web of [web1, web2]) startWeb(web);
  await until(() => dnsNames(web1, web2));
  say(`${seconds(servicesMs)}  the two web servers of config/web1.json and web2.json pass their checks`);
  await dig('web.service.consul');
  await dig('canary.web.service.consul');
  await digServices('web.service.consul');
  await curl('/v1/catalog/services');
  await showCatalog();
  agent.startWatch('web', beside('upstream.mjs'), upstreams);
  start('proxy', process.execPath, [beside('proxy.mjs'), ...proxy.split(':'), upstreams]);
  await until(() => fileNames(web1, web2));
  say('         the watch has written the upstreams of the proxy');
  say(indented(readFileSync(upstreams, 'utf8')));
}

async function useKey() {
  await run('kv', 'put', 'web/greeting', 'welcome');
  await curl('/v1/kv/web/greeting?raw');
  await until(async () => (await visit()).startsWith('welcome from'));
  const answers = [];
  for (let visits = 0; visits < 2; visits++) answers.push((await visit()).trim());
  say(`         two visits to the proxy: ${answers.sort().join(', ')}`);
}

async function stopOne() {
  await stop('web2');
  const sinceMs = performance.now();
  say('         web2 is stopped');
  await until(async () => (await check(web2, 'page')).Status === 'critical');
  say(`${seconds(sinceMs)}  its check is critical: ${(await check(web2, 'page')).Output.trim()}`);
  await until(() => dnsNames(web1));
  await until(() => fileNames(web1));
  say(`${seconds(sinceMs)}  DNS names the other one alone, and so does the file of the proxy`);
  await dig('web.service.consul');
  startWeb(web2);
  const backMs = performance.now();
  say('         web2 is started again');
  await until(() => bothName(web1, web2));
  say(`${seconds(backMs)}  both are there again`);
}

/** A warning is for people, and for who asks for passing instances only; what is critical is gone. */
async function giveTooMuchToDo() {
  order(6);
  const sinceMs = performance.now();
  say('         six orders wait for web1');
  await until(async () => (await check(web1, 'orders')).Status === 'warning');
  await until(() => fileNames(web2));
  if (!(await dnsNames(web1, web2))) throw new Error('A warning took web1 out of DNS.');
  say(
    `${seconds(sinceMs)}  ${(await check(web1, 'orders')).Output.trim()}: DNS names it, the proxy does not`,
  );
  order(20);
  await until(async () => (await check(web1, 'orders')).Status === 'critical');
  await until(() => dnsNames(web2));
  say(`${seconds(sinceMs)}  ${(await check(web1, 'orders')).Output.trim()}: DNS does not name it either`);
  order(0);
  await until(() => bothName(web1, web2));
  say(`${seconds(sinceMs)}  ${(await check(web1, 'orders')).Output.trim()}: it is there again`);
}

async function maintain() {
  await run('maint', '-enable', '-service=web2', '-reason=upgrade');
  await until(() => bothName(web1));
  say('         DNS and the proxy name web1 alone');
  await run('maint');
  await run('maint', '-disable', '-service=web2');
  await until(() => bothName(web1, web2));
  say('         both are there again');
}

async function reload() {
  startWeb(web3);
  define(web3);
  say('         web3 is started, and config/web3.json written');
  await run('reload');
  await until(() => bothName(web1, web2, web3));
  say('         DNS and the proxy name all three');
  await digServices('web.service.consul');
  agent.remove('web3.json');
  say('         rm config/web3.json');
  await run('reload');
  await until(() => bothName(web1, web2));
  say('         DNS and the proxy name the first two');
}

/** What Consul is told of a web server: where it is, and how to find out whether it is well. */
function definition({ name, address, port }) {
  const page = { id: `${name}-page`, name: 'page', http: `http://${address}:${port}/health` };
  const script = ['/bin/sh', beside('check_waiting.sh'), join(folder, name), '5', '15'];
  const orders = { id: `${name}-orders`, name: 'orders', args: script };
  const checks = [page, orders].map((it) => ({ ...it, interval: '1s', timeout: '10s' }));
  return { service: { id: name, name: 'web', address, port, tags: tagsOf(name), checks } };
}

function tagsOf(name) {
  return name === 'web1' ? ['canary'] : [];
}

function define(web) {
  mkdirSync(join(folder, web.name));
  agent.write(`${web.name}.json`, definition(web));
}

function startWeb({ name, address, port }) {
  start(name, process.execPath, [beside('web.mjs'), name, address, port, agent.http]);
}

/** So many orders wait for web1. */
function order(count) {
  const waiting = join(folder, 'web1');
  for (const file of readdirSync(waiting)) rmSync(join(waiting, file));
  for (let number = 1; number <= count; number++) writeFileSync(join(waiting, `order${number}`), '');
}

/** Whether DNS and the file of the proxy name exactly these. */
async function bothName(...expected) {
  return (await dnsNames(...expected)) && fileNames(...expected);
}

/** Whether DNS names exactly these. Over UDP it names three at most. */
async function dnsNames(...expected) {
  const addresses = await agent.addresses('web.service.consul');
  return (
    addresses.join() ===
    expected
      .map(({ address }) => address)
      .sort()
      .join()
  );
}

/** Whether the file of the proxy names exactly these. */
function fileNames(...expected) {
  const names = [...readFileSync(upstreams, 'utf8').matchAll(/# (\S+)/g)].map(([, name]) => name);
  return names.sort().join() === expected.map(({ name }) => name).join();
}

async function check({ name }, kind) {
  const checks = JSON.parse(await agent.get('/v1/health/checks/web'));
  return checks.find(({ CheckID }) => CheckID === `${name}-${kind}`);
}

async function visit() {
  return await (await fetch(`http://${proxy}/`)).text();
}

/** What `dig` would show. */
async function dig(name) {
  say(`         dig @${agent.address} -p8600 +short ${name}`);
  const addresses = await agent.addresses(name);
  for (const web of webs) if (addresses.includes(web.address)) say(indented(`${web.address}  (${web.name})`));
}

async function digServices(name) {
  say(`         dig @${agent.address} -p8600 +short ${name} SRV`);
  for (const record of await agent.services(name)) say(indented(record));
}

async function curl(path) {
  say(`         curl http://${agent.http}${path}`);
  say(indented(await agent.get(path)));
}

async function showCatalog() {
  say(`         curl http://${agent.http}/v1/catalog/service/web, of each`);
  const instances = JSON.parse(await agent.get('/v1/catalog/service/web'));
  for (const { Node, ServiceID, ServiceAddress, ServicePort } of instances.sort(byId)) {
    say(indented(JSON.stringify({ Node, ServiceID, ServiceAddress, ServicePort })));
  }
}

function byId(one, other) {
  return one.ServiceID < other.ServiceID ? -1 : 1;
}

/** A command of `consul`, and what it prints. */
async function run(...words) {
  say(`         consul ${words.join(' ')}`);
  say(indented(await agent.consul(...words)));
}

async function until(holds) {
  const deadlineMs = performance.now() + patienceMs;
  while (
    !(await Promise.resolve()
      .then(holds)
      .catch(() => false))
  ) {
    if (performance.now() > deadlineMs) throw new Error(`Not in ${patienceMs / 1000} s: ${holds}`);
    await sleep(pollMs);
  }
}

async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function beside(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, '             ');
}

function say(text) {
  console.log(text);
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
    say(
      `         look around: http://${proxy}/, http://${agent.http}/v1/health/service/web; Ctrl-C ends this`,
    );
    await new Promise(() => {});
  }
  await end(0);
} catch (error) {
  if (!isEnding) console.error(error.message);
  await end(1);
}
