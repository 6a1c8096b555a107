// T0-18, T1-5: what checks find, ours beside the original's: the same checks of the same things, with both.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  ConsulAgent,
  consul187,
  consulMissing,
  eventually,
  type Program,
  reeveConsul,
  scratchFolder,
} from '@reeve/interop';

const scripts: Readonly<Record<string, string>> = {
  passes: 'echo fine',
  warns: 'echo hm; exit 1',
  fails: 'echo no; exit 2',
  'fails otherwise': 'echo to standard error >&2; exit 77',
  killed: 'echo before; kill -9 $$',
  'takes too long': 'echo begun; sleep 30',
  'says much': 'head -c 9000 /dev/zero | tr "\\0" x',
  'says nothing': 'true',
  'has more lines': 'echo one; echo; echo three',
};

const paths = ['/ok', '/busy', '/missing', '/broken', '/moved', '/empty', '/long', '/echo'];

describe('checks', { skip: consulMissing() }, () => {
  test('T0-18, T1-5: scripts, HTTP, TCP, gRPC, TTL and aliases are found alike', async (t) => {
    const port = await startTarget(t);
    const [real, ours] = await Promise.all([started(consul187, t, port), started(reeveConsul, t, port)]);
    // On a busy machine one of them may take longer than it may; then the next one is made soon.
    await eventually('both find the same', async () => {
      const theirs = await found(real);
      assert.deepEqual(await found(ours), theirs);
      assert.equal(Object.keys(theirs).length, Object.keys(checksOf(port)).length);
    });
  });
});

/** What is checked by HTTP and TCP. */
async function startTarget(t: TestContext): Promise<number> {
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const statuses: Readonly<Record<string, number>> = { '/busy': 429, '/missing': 404, '/broken': 500 };
  const { url = '', method, headers } = request;
  response.statusCode = statuses[url] ?? 200;
  if (url === '/moved') response.writeHead(302, { Location: '/ok' });
  const { host: _host, connection, 'accept-encoding': _encoding, ...others } = headers;
  const texts: Readonly<Record<string, string>> = {
    '/empty': '',
    '/long': 'y'.repeat(9_000),
    '/echo': JSON.stringify([method, connection, Object.entries(others).sort()]),
  };
  response.end(texts[url] ?? `this is ${url}\n`);
}

interface Check {
  readonly Status: string;
  readonly Output: string;
}

function checksOf(port: number): Readonly<Record<string, object>> {
  const often = { interval: '1s', timeout: '2s' };
  const url = `http://127.0.0.1:${port}`;
  const script = (line: string) => ({ args: ['/bin/sh', '-c', line], ...often, timeout: '1s' });
  return {
    ...Object.fromEntries(Object.entries(scripts).map(([id, line]) => [id, script(line)])),
    'no such program': { args: ['/nonexistent/program'], ...often },
    'no program': { args: ['/tmp'], ...often },
    'not in the path': { args: ['nosuch-program'], ...often },
    ...Object.fromEntries(paths.map((path) => [`http ${path}`, { http: url + path, ...often }])),
    'http post': {
      http: `${url}/echo`,
      method: 'POST',
      header: { 'X-Own': ['a', 'b'], 'User-Agent': ['mine'] },
      body: 'sent',
      ...often,
    },
    'http cut': { http: `${url}/long`, output_max_size: 100, ...often },
    'http refused': { http: 'http://127.0.0.1:1/', ...often },
    'tcp taken': { tcp: `127.0.0.1:${port}`, ...often },
    'tcp refused': { tcp: '127.0.0.1:1', ...often },
    'grpc refused': { grpc: '127.0.0.1:1', ...often },
    'ttl nobody tells': { ttl: '1s', status: 'passing' },
    'alias of warning': { alias_service: 'warning' },
    'alias of nothing': { alias_service: 'nothing' },
  };
}

/** Starts an agent with all checks. */
async function started(program: Program, t: TestContext, port: number): Promise<ConsulAgent> {
  const file = join(scratchFolder(t), 'checks.json');
  const checks = Object.entries(checksOf(port)).map(([id, check]) => ({ id, name: id, ...check }));
  const service = { name: 'warning', check: { id: 'own', ttl: '1h', status: 'warning' } };
  writeFileSync(file, JSON.stringify({ enable_script_checks: true, checks, service }));
  return ConsulAgent.startOf(program, t, '-node=n1', `-config-file=${file}`);
}

/** What an agent makes of all checks; throws until each has been made. */
async function found(agent: ConsulAgent): Promise<Record<string, Check>> {
  const { own, ...made } = (await agent.getJson('/v1/agent/checks')) as Record<string, Check>;
  const open = Object.entries(made).filter(([id, { Output }]) => Output === '' && id !== 'says nothing');
  assert.deepEqual(open, []);
  assert.equal(made['says nothing']?.Status, 'passing');
  // Which of the node's failing checks an alias names is chance with the original.
  const pairs = Object.entries(made).map(([id, { Status, Output }]) => {
    return [id, { Status, Output: Output.replace(/check ".*" failing: .*/s, 'check failing') }] as const;
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
