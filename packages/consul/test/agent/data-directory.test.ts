// What becomes of a server's data directory: it comes back after a restart, and is refused when it is damaged
// or in use.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loopbackAddress } from '@reeve/namespaces';
import { AgentRun, scratchFolder, startAgent } from '../kit/run-agent.ts';

const quick = '-hcl=performance { raft_multiplier = 1 }';
const isUp = 'Consul agent running!\n';
const hasLeader = 'cluster leadership acquired';

/** A server that can be stopped and started again, at the same address. */
class Server {
  readonly folder: string;
  readonly #address: string;
  readonly #flags: readonly string[];
  #run: AgentRun | undefined;

  constructor(address: string, folder: string, flags: readonly string[]) {
    this.folder = folder;
    this.#address = address;
    this.#flags = [...flags, `-data-dir=${folder}`, '-server', quick];
  }

  get address(): string {
    return this.#address;
  }

  start(): AgentRun {
    this.#run = new AgentRun(this.#address, this.#flags);
    return this.#run;
  }

  async stop(): Promise<void> {
    this.#run?.signal('SIGTERM');
    await this.#run?.ended;
    this.#run = undefined;
  }

  async ask(request: string, body?: string): Promise<string> {
    assert.ok(this.#run);
    const { status, text } = await this.#run.ask(request, body);
    if (status !== 200) throw new Error(`${request}: ${status} ${text}`);
    return text;
  }
}

/** Asks until it is answered; a cluster that starts takes its time. */
async function eventually(answer: () => Promise<string>): Promise<string> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await answer();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(100);
    }
  }
}

async function three(t: TestContext): Promise<readonly Server[]> {
  const addresses = [];
  for (let i = 0; i < 3; i++) addresses.push(await loopbackAddress());
  const join = addresses.map((address) => `-retry-join=${address}`);
  const servers = addresses.map((address, at) => {
    const cluster = ['-bootstrap-expect=3', '-retry-interval=1s', ...join];
    return new Server(address, scratchFolder(t), [`-node=s${at}`, ...cluster]);
  });
  t.after(() => Promise.all(servers.map((server) => server.stop())));
  return servers;
}

test('what lies in the way of the data is named in the words of the original', async (t) => {
  const base = scratchFolder(t);
  const key = 'MTIzNDU2Nzg5MDEyMzQ1Ng==';
  const cases: readonly (readonly [file: string, content: string, sentence: string])[] = [
    ['raft', '', 'Failed to start Consul server: Failed to start Raft: mkdir DIR/raft: not a directory'],
    ['serf', '', 'Failed to start Consul server: Failed to start LAN Serf: mkdir DIR/serf: not a directory'],
    [
      'serf/local.keyring',
      'x',
      "Failed to configure keyring: invalid character 'x' looking for beginning of value",
    ],
    [
      'serf/local.keyring',
      '[]',
      'Failed to configure keyring: no keys present in keyring: DIR/serf/local.keyring',
    ],
    ['serf/local.keyring', '["abc"]', 'Failed to configure keyring: illegal base64 data at input byte 0'],
  ];
  for (const [at, [file, content, sentence]] of cases.entries()) {
    const data = join(base, `${at}`);
    mkdirSync(dirname(join(data, file)), { recursive: true });
    writeFileSync(join(data, file), content);
    const run = await startAgent(t, '-server', `-data-dir=${data}`);
    assert.equal(await run.ended, 1);
    const line = `agent: Error starting agent: error="${sentence.replace('DIR', data)}"\n`;
    assert.ok(run.stdout.includes(line), `${sentence}: ${run.stdout}`);
  }
  const nowhere = await startAgent(t, '-server', '-data-dir=/proc/nosuch');
  assert.equal(await nowhere.ended, 1);
  assert.equal(
    nowhere.stderr,
    '==> failed to setup node ID: mkdir /proc/nosuch: no such file or directory\n',
  );
  const data = join(base, 'other-key');
  mkdirSync(join(data, 'serf'), { recursive: true });
  writeFileSync(join(data, 'serf/local.keyring'), `["${key}"]`);
  const run = await startAgent(t, '-server', `-data-dir=${data}`, '-encrypt=pUqJrVyVRj5jsiYEkM/tFQ==');
  await run.printed(
    "agent:  keyring doesn't include key provided with -encrypt, using keyring: keyring=LAN\n",
  );
});

test('T0-7: three servers that all start again have the catalog, keys and sessions', async (t) => {
  const servers = await three(t);
  const [first, second] = servers;
  assert.ok(first && second);
  // On a busy machine they may lose their leader at any time.
  const [askFirst, askSecond] = [first, second].map(
    (server) => (request: string, body?: string) => eventually(() => server.ask(request, body)),
  );
  assert.ok(askFirst && askSecond);
  for (const server of servers) server.start();
  await askFirst('PUT /v1/kv/kept', 'value');
  await askFirst(
    'PUT /v1/catalog/register',
    '{"Node":"ext","Address":"10.0.0.9","Service":{"Service":"db"}}',
  );
  const { ID } = JSON.parse(await askFirst('PUT /v1/session/create', '{"Node":"ext","Checks":[]}'));
  assert.equal(await askFirst(`PUT /v1/kv/held?acquire=${ID}`, 'mine'), 'true');
  const before = await askFirst('GET /v1/kv/?recurse');
  for (const server of servers) await server.stop();

  for (const server of servers) server.start();
  assert.equal(await askSecond('GET /v1/kv/?recurse'), before);
  const [instance] = JSON.parse(await askSecond('GET /v1/catalog/service/db'));
  assert.deepEqual([instance.Node, instance.Address], ['ext', '10.0.0.9']);
  const [session] = JSON.parse(await askSecond(`GET /v1/session/info/${ID}`));
  assert.equal(session.Node, 'ext');
  assert.equal(await askSecond('PUT /v1/kv/held', 'by force'), 'true', 'writes go on');
  assert.equal(await askSecond(`PUT /v1/kv/held?release=${ID}`), 'true', 'the lock was still held');
});

test('T2-11: with peers.json the last of three servers goes on alone, with all it had', async (t) => {
  const servers = await three(t);
  const [last] = servers;
  assert.ok(last);
  for (const server of servers) server.start();
  await eventually(() => last.ask('PUT /v1/kv/kept', 'value'));
  await eventually(() => last.ask('GET /v1/kv/kept?stale'));
  const { NodeID } = JSON.parse(await last.ask('GET /v1/agent/self')).Config;
  for (const server of servers) await server.stop();
  const path = join(last.folder, 'raft/peers.json');

  writeFileSync(path, '[{"id": ');
  const refused = last.start();
  assert.equal(await refused.ended, 1);
  assert.match(refused.stdout, /Failed to start Raft: recovery failed to parse peers\.json: /);

  writeFileSync(path, JSON.stringify([{ id: NodeID, address: `${last.address}:8300` }]));
  const run = last.start();
  assert.equal(await eventually(() => last.ask('GET /v1/kv/kept?raw&consistent')), 'value');
  assert.equal(await last.ask('PUT /v1/kv/more', 'value'), 'true');
  assert.match(run.stdout, /agent.server: deleted peers.json file after successful recovery\n/);
  assert.equal(existsSync(path), false);
});

test('a second agent on one data directory ends with a sentence, and the first one goes on', async (t) => {
  const folder = scratchFolder(t);
  const first = await startAgent(t, '-server', '-bootstrap', quick, `-data-dir=${folder}`);
  await first.printed(isUp);
  await first.printed(hasLeader);
  const second = await startAgent(t, '-server', '-bootstrap', quick, `-data-dir=${folder}`);
  assert.equal(await second.ended, 1);
  const directory = join(folder, 'raft');
  assert.ok(second.stdout.includes(`${directory}: process ${process.pid} uses it. Stop that one first`));
  assert.equal((await first.ask('PUT /v1/kv/a', '1')).text, 'true');
});

/** A data directory with a key in it, and a snapshot. */
async function used(t: TestContext): Promise<string> {
  const folder = scratchFolder(t);
  const run = await startAgent(t, '-server', '-bootstrap', quick, `-data-dir=${folder}`);
  await run.printed(isUp);
  await run.printed(hasLeader);
  assert.equal((await run.ask('PUT /v1/kv/a', '1')).text, 'true');
  assert.equal((await run.ask('GET /v1/snapshot')).status, 200);
  run.signal('SIGTERM');
  await run.ended;
  return folder;
}

for (const { name, file, damage } of [
  {
    name: 'a raft log that is cut off',
    file: 'log-1',
    damage: (path: string) => truncateSync(path, readFileSync(path).indexOf('not yet\n')),
  },
  {
    name: 'a snapshot with a wrong byte',
    file: 'snapshot-1',
    damage: (path: string) => {
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
  },
]) {
  test(`${name} is refused with the file and what to do, and is left as it is`, async (t) => {
    const folder = await used(t);
    const path = join(folder, 'raft', file);
    damage(path);
    const damaged = readFileSync(path);
    const run = await startAgent(t, '-server', '-bootstrap', quick, `-data-dir=${folder}`);
    assert.equal(await run.ended, 1);
    assert.ok(run.stdout.includes(`Failed to start Raft: ${path}: the `), run.stdout);
    assert.match(run.stdout, /[Pp]ut back a copy .* or, if the other servers have a leader, remove .*raft/);
    assert.ok(readFileSync(path).equals(damaged));
  });
}

test('a data directory of an older version is refused with the file and what to do', async (t) => {
  const folder = scratchFolder(t);
  mkdirSync(join(folder, 'raft'));
  writeFileSync(join(folder, 'raft/log.mdb'), 'a database');
  const run = await startAgent(t, '-server', '-bootstrap', quick, `-data-dir=${folder}`);
  assert.equal(await run.ended, 1);
  const refusal = `Raft: ${join(folder, 'raft/log.mdb')}: this is the log of an older version`;
  assert.ok(run.stdout.includes(refusal), run.stdout);
  assert.deepEqual(readdirSync(join(folder, 'raft')).toSorted(), ['lock', 'log.mdb']);
});

/** It takes seconds on an idle machine. */
const patienceMs = 60_000;
