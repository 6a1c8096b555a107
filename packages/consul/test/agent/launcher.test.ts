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
  const address = await loopbackAddress([8300, 8301, 8500, 8600]);
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

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
