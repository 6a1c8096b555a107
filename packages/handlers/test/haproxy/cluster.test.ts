// The load balancer of the original's demonstration, with a real HAProxy: web servers join and go, and
// requests are served by those that are there.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import haproxy from '@reeve/handlers/haproxy';
import {
  joining,
  privateAddress,
  type RunningAgent,
  startAgent,
  startWithHandler,
  until,
} from '../cluster.js';
import { contextOf, folderOf, member, setupContext, someEvent } from '../handler-context.js';

const isInstalled = spawnSync('haproxy', ['-v']).status === 0;
const skip = isInstalled ? false : 'there is no haproxy here: apt-get install haproxy';

test('requests are served by the members of the moment, without HAProxy ever ending', { skip }, async (t) => {
  const folder = await folderOf(t);
  const front = await privateAddress();
  const [main, file, pidFile] = ['main.cfg', 'web.cfg', 'haproxy.pid'].map((name) => join(folder, name));
  assert(main && file && pidFile);
  await writeFile(main, mainConfiguration(front));
  await writeFile(file, 'backend web\n');
  await startHaproxy(t, main, file, pidFile);
  const balancer = await startWithHandler(t, folder, {
    handler: 'npm:@reeve/handlers/haproxy',
    options: {
      file,
      config: [main, file],
      pid_file: pidFile,
      port_tag: 'http',
      lines: ['balance roundrobin'],
    },
    retries: 3,
  });
  const seen = (): string => balancer.output();

  const web1 = await startWeb(t, 'web1', balancer);
  await until('web1 serves', async () => (await served(front)).has('web1'), seen);
  await startWeb(t, 'web2', balancer);
  await until('web1 and web2 serve', async () => (await served(front)).size === 2, seen);
  const masterBefore = await readFile(pidFile, 'utf8');
  await web1.end('SIGINT');
  await until('only web2 serves', async () => [...(await served(front))].join() === 'web2', seen);
  assert.equal(await readFile(pidFile, 'utf8'), masterBefore);
  assert.doesNotMatch(await readFile(file, 'utf8'), /web1/);
  assert.doesNotMatch(balancer.output(), /\[ERR\]/);
});

test('a backend that the real HAProxy refuses does not take the place of the old one', {
  skip,
}, async (t) => {
  const folder = await folderOf(t);
  const file = join(folder, 'web.cfg');
  const main = join(folder, 'main.cfg');
  await writeFile(main, mainConfiguration('127.0.0.1'));
  const setUp = async (...lines: string[]) => {
    const state = await haproxy.setup?.(
      { file, config: [main, file], lines, reload: ['true'] },
      setupContext,
    );
    assert(state !== undefined);
    return state;
  };
  const members = [member('web1', '10.0.0.1', { role: 'web' })];
  await haproxy.onMemberEvent?.(someEvent, contextOf(await setUp('balance leastconn'), members));
  const before = await readFile(file, 'utf8');
  assert.match(before, /server web1/);
  const bad = contextOf(await setUp('balance by magic'), members);
  await assert.rejects(
    async () => haproxy.onMemberEvent?.(someEvent, bad),
    /\[ALERT\].*balance only supports/,
  );
  assert.equal(await readFile(file, 'utf8'), before);
});

function mainConfiguration(address: string): string {
  return `defaults
    mode http
    timeout connect 2s
    timeout client 5s
    timeout server 5s
frontend front
    bind ${address}:8080
    default_backend web
`;
}

async function startHaproxy(t: TestContext, main: string, file: string, pidFile: string): Promise<void> {
  const child = spawn('haproxy', ['-W', '-f', main, '-f', file, '-p', pidFile], { stdio: 'ignore' });
  const closed = once(child, 'close');
  t.after(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  await until('HAProxy runs', () => readFile(pidFile, 'utf8').then(Boolean, () => false));
}

// A web server that answers with its name, and the agent that makes it known.
async function startWeb(t: TestContext, name: string, balancer: RunningAgent): Promise<RunningAgent> {
  const server = createServer((_, response) => response.end(name)).listen(0, '0.0.0.0');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return startAgent(t, name, '-tag=role=web', `-tag=http=${port}`, ...joining(balancer));
}

// Who answers six requests, one after the other; nobody when one of them fails.
async function served(front: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (let request = 0; request < 6; request++) {
    const { status, body } = await fetchText(front);
    if (status !== 200) return new Set();
    names.add(body);
  }
  return names;
}

function fetchText(front: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve) => {
    const request = get({ host: front, port: 8080, agent: false }, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
    });
    request.on('error', () => resolve({ status: undefined, body: '' }));
  });
}
