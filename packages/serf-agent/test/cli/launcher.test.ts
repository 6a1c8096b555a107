// bin/serf: the program as it is installed, an agent as it runs for months.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';
import { until } from '../until.ts';

test('a link to bin/serf is the program, with its exit code', (t) => {
  const { link } = folderWithLink(t);
  assert.match(execFileSync(link, ['version'], { encoding: 'utf8' }), /^Agent Protocol: 5/m);
  assert.throws(() => execFileSync(link, ['leave', '-x'], { stdio: 'ignore' }), { status: 1 });
});

test('what an agent starts does not hear how the agent is told to use memory', async (t) => {
  const { link, folder } = folderWithLink(t);
  const told = join(folder, 'environment');
  const { agent, address } = await startAgent(t, link, '-tag=role=web', `-event-handler=env > ${told}`);
  await until(() => existsSync(told) && readFileSync(told, 'utf8').includes('SERF_EVENT=member-join'));
  assert.doesNotMatch(readFileSync(told, 'utf8'), /MALLOC_/);
  if (process.platform === 'linux')
    assert.match(readFileSync(`/proc/${agent.pid}/environ`, 'latin1'), /\0MALLOC_ARENA_MAX=1\0/);

  const members = ['members', `-rpc-addr=${address}:7373`, '-tag', 'role=w.b'];
  assert.match(execFileSync(link, members, { encoding: 'utf8' }), /alive/, 'RE2 is there when it is needed');

  agent.kill('SIGINT');
  assert.deepEqual(await once(agent, 'exit'), [0, null], 'the signal met the agent, not a shell');
});

test('agents with a key have cryptography when they need it', async (t) => {
  const { link } = folderWithLink(t);
  const key = '-encrypt=T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=';
  const first = await startAgent(t, link, '-node=first', key);
  await startAgent(t, link, '-node=second', key, `-retry-join=${first.address}`, '-retry-interval=1s');
  const members = ['members', `-rpc-addr=${first.address}:7373`, '-name=second'];
  await until(() => spawnSync(link, members, { encoding: 'utf8' }).stdout.includes('alive'));
});

function folderWithLink(t: TestContext): { readonly folder: string; readonly link: string } {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-launcher-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const link = join(folder, 'program');
  symlinkSync(fileURLToPath(new URL('../../../../bin/serf', import.meta.url)), link);
  return { folder, link };
}

async function startAgent(
  t: TestContext,
  program: string,
  ...flags: readonly string[]
): Promise<{ readonly agent: ChildProcess; readonly address: string }> {
  const address = await loopbackAddress();
  const place = [`-bind=${address}`, `-rpc-addr=${address}:7373`, '-profile=local'];
  const agent = spawn(program, ['agent', ...place, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => agent.kill('SIGKILL'));
  return { agent, address };
}
