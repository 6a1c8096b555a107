// bin/consul: the agent's process, whose memory is bounded before it begins.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';
import { scratchFolder } from '../kit/run-agent.ts';

test('V8 takes what the build has compiled of an agent, under the flags that bin/consul gives it', () => {
  const flags = readFileSync(inRepository('bin/consul.flags'), 'utf8').trim().split(' ');
  const load = JSON.stringify(inRepository('bin/load.cjs'));
  const agent = JSON.stringify(inRepository('dist/consul/commands/agent.cjs'));
  const script = `
    const { Script } = require('node:vm');
    const { readFileSync } = require('node:fs');
    const { wrap } = require(${load});
    const options = { filename: ${agent}, cachedData: readFileSync(${agent} + '.code') };
    const { cachedDataRejected } = new Script(wrap(readFileSync(${agent}, 'utf8')), options);
    console.log(cachedDataRejected);`;
  assert.equal(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }), 'false\n');
});

test('what an agent runs does not hear how it is told to use memory', async (t) => {
  const folder = scratchFolder(t);
  const link = join(folder, 'program');
  const told = join(folder, 'environment');
  const config = join(folder, 'config.json');
  symlinkSync(inRepository('bin/consul'), link);
  const check = { id: 'env', name: 'env', args: ['sh', '-c', `env > ${told}.new; mv ${told}.new ${told}`] };
  writeFileSync(config, JSON.stringify({ check: { ...check, interval: '1s' } }));
  const address = await loopbackAddress();
  const place = ['-dev', '-node=n1', `-bind=${address}`, `-client=${address}`];
  const flags = [...place, '-enable-local-script-checks', `-config-file=${config}`];
  const agent = spawn(link, ['agent', ...flags], { stdio: 'ignore' });
  t.after(() => agent.kill('SIGKILL'));
  const until = performance.now() + 60_000;
  while (!existsSync(told) && performance.now() < until) await sleep(50);
  assert.doesNotMatch(readFileSync(told, 'utf8'), /MALLOC_/);
  if (process.platform === 'linux')
    assert.match(readFileSync(`/proc/${agent.pid}/environ`, 'latin1'), /\0MALLOC_ARENA_MAX=1\0/);
  agent.kill('SIGINT');
  await once(agent, 'exit');
});

test('signals that a Go program does not mind do not end an agent; one of them shows numbers', async (t) => {
  const address = await loopbackAddress();
  const watches = Array.from({ length: 12 }, (_, at) => ({ type: 'key', key: `${at}`, args: ['true'] }));
  const many = join(scratchFolder(t), 'watches.json'); // of which Node is not to warn either
  writeFileSync(many, JSON.stringify({ watches }));
  const flags = ['-dev', '-node=n1', `-bind=${address}`, `-client=${address}`, `-config-file=${many}`];
  const agent = spawn(inRepository('bin/consul'), ['agent', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => agent.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  agent.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  agent.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const printed = async (line: string): Promise<void> => {
    const until = performance.now() + 60_000;
    while (!stdout.includes(line) && performance.now() < until) await sleep(20);
    assert.ok(stdout.includes(line), `${line} is not in ${stdout}`);
  };
  await printed('Consul agent running!\n');
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const) agent.kill(signal);
  await printed('[INFO]  agent.server: New leader elected: payload=n1\n');
  for (const until = performance.now() + 60_000; stderr === '' && performance.now() < until; await sleep(100))
    agent.kill('SIGUSR1'); // nothing is shown of an interval of 10 s that is not over
  agent.kill('SIGHUP');
  await printed('[INFO]  agent: Caught: signal=hangup\n');
  agent.kill('SIGTERM');
  assert.deepEqual(await once(agent, 'exit'), [1, null]);
  assert.match(stderr, aggregates);
  for (const line of [
    `agent.server: Adding LAN server: server="n1 (Addr: tcp/${address}:8300) (DC: dc1)"`,
    'agent: started state syncer',
    'agent.server: shutting down server',
    'agent: consul server down',
    'agent: shutdown complete',
    `agent: Stopping server: protocol=DNS address=${address}:8600 network=udp`,
    `agent: Stopping server: protocol=HTTP address=${address}:8500 network=tcp`,
    'agent: Waiting for endpoints to shut down',
    'agent: Endpoints down',
    'agent: Exit code: code=1',
  ])
    assert.ok(stdout.includes(`[INFO]  ${line}\n`), `${line} is not in ${stdout}`);
});

test('an agent ends when it is told to, whatever it has put off and whoever it has started', async (t) => {
  const folder = scratchFolder(t);
  const [config, started] = [join(folder, 'config.json'), join(folder, 'started')];
  const check = { id: 'web', name: 'web', ttl: '1h' };
  const lasting = { type: 'nodes', args: ['sh', '-c', `echo $$ > '${started}'; exec sleep 300`] };
  writeFileSync(config, JSON.stringify({ check, watches: [lasting] }));
  const address = await loopbackAddress();
  const flags = ['-dev', '-node=n1', `-bind=${address}`, `-client=${address}`, `-config-file=${config}`];
  const agent = spawn(inRepository('bin/consul'), ['agent', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => agent.kill('SIGKILL'));
  t.after(() => process.kill(Number(readFileSync(started, 'utf8'))));
  let log = '';
  agent.stdout.on('data', (chunk) => {
    log += chunk;
  });
  const isReady = () => existsSync(started) && log.includes('Synced check: check=web');
  for (const until = performance.now() + 60_000; !isReady(); await sleep(50))
    assert.ok(performance.now() < until);
  // The catalog hears minutes later of an output that has changed alone.
  await fetch(`http://${address}:8500/v1/agent/check/fail/web?note=down`, { method: 'PUT' });
  const ended = once(agent, 'exit');
  agent.kill('SIGTERM');
  assert.deepEqual(await Promise.race([ended, sleep(60_000, 'it goes on', { ref: false })]), [1, null]);
});

const aggregates = /^(\[\d{4}-\d\d-\d\d \d\d:\d\d:\d0 \+0000 UTC\]\[[GCS]\] 'consul\.[^']+': .*\n)+$/;

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
