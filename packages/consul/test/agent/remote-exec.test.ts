// The agent's half of `consul exec`: jobs from the key/value store, told of there. consul.md 9.2.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { JobOutput } from '../../dist/agent/remote-exec/job-output.js';
import { type AgentRun, startAgent } from '../kit/run-agent.ts';

const hasLeader = 'cluster leadership acquired';
const enabled = '-hcl=disable_remote_exec = false';

test('T0-26: a line for the shell is run, and acknowledged, output and exit code are keys', async (t) => {
  const run = await startAgent(t, '-dev', enabled);
  const told = await doJob(run, { Command: 'echo out; echo err >&2; exit 4', Wait: 2e9 });
  assert.deepEqual(told, { ack: '', 'out/00000': 'out\nerr\n', exit: '4' });
});

test('T0-26: words are run without a shell, and a script from a file of its own', async (t) => {
  const run = await startAgent(t, '-dev', enabled);
  const words = await doJob(run, { Args: ['echo', 'a  b', '$HOME'], Wait: 2e9 });
  assert.deepEqual(words, { ack: '', 'out/00000': 'a  b $HOME\n', exit: '0' });
  const killed = await doJob(run, { Args: ['sh', '-c', 'kill -9 $$'], Wait: 2e9 });
  assert.deepEqual(killed, { ack: '', exit: '-1' });
  const script = Buffer.from('#!/bin/sh\necho "from $0"\nexit 3\n').toString('base64');
  const { ack, exit, ...out } = await doJob(run, { Script: script, Wait: 2e9 });
  assert.deepEqual([ack, exit], ['', '3']);
  assert.match(out['out/00000'] ?? '', /^from .*\/rexec[-0-9a-f]+\n$/);
});

test('T0-26: what cannot be started has the exit code 255', async (t) => {
  const run = await startAgent(t, '-dev', enabled);
  assert.deepEqual(await doJob(run, { Args: ['/no/such'], Wait: 2e9 }), { ack: '', exit: '255' });
  await run.printed('failed to start remote exec: error="fork/exec /no/such: no such file or directory"\n');
});

test('T0-26: jobs are left alone by agents that are not told otherwise', async (t) => {
  const run = await startAgent(t, '-dev');
  const session = await putJob(run, { Command: 'echo out', Wait: 2e9 });
  await run.printed('agent: ignoring remote exec event, disabled.: event_name=_rexec event_id=');
  assert.equal((await run.ask(`GET /v1/kv/_rexec/${session}/n1?keys`)).status, 404);
});

test('T0-26: events without a job that can be read are noted, and nothing is run', async (t) => {
  const run = await startAgent(t, '-dev', enabled);
  await run.printed(hasLeader);
  await run.ask('PUT /v1/event/fire/_rexec', '{');
  await run.printed(
    '[ERROR] agent: failed to decode remote exec event: error="unexpected end of JSON input"\n',
  );
  await run.ask('PUT /v1/event/fire/_rexec', '{"Prefix":"_rexec","Session":"gone"}');
  await run.printed('[DEBUG] agent: remote exec aborted, job spec missing\n');
  await run.ask('PUT /v1/kv/_rexec/gone/job', '{}');
  await run.ask('PUT /v1/event/fire/_rexec', '{"Prefix":"_rexec","Session":"gone"}');
  await run.printed('[ERROR] agent: failed to ack remote exec job: error=');
});

test('output goes away in pieces of 4 KiB, the rest after half a second, and silence is broken', async () => {
  const world = new VirtualWorld({ seed: 1 });
  const { timers } = world.host('10.0.0.1').runtime;
  const carried: number[] = [];
  const output = new JobOutput(timers, 2_000, async (_number, piece) => void carried.push(piece.length));
  await output.write(new Uint8Array(9_000));
  assert.deepEqual(carried, [4096, 4096]);
  await pass(499);
  assert.deepEqual(carried, [4096, 4096]);
  await pass(1);
  assert.deepEqual(carried, [4096, 4096, 808]);
  await pass(2_000);
  assert.deepEqual(carried, [4096, 4096, 808, 0]);
  await output.write(new Uint8Array(1));
  await output.end();
  await pass(10_000);
  assert.deepEqual(carried, [4096, 4096, 808, 0, 1]);

  async function pass(ms: number): Promise<void> {
    world.run(ms);
    await sleep(0);
  }
});

test('output that cannot be carried away ends with why', async () => {
  const { timers } = new VirtualWorld({ seed: 1 }).host('10.0.0.1').runtime;
  const output = new JobOutput(timers, 2_000, () => Promise.reject(new Error('write failed')));
  await output.write(new Uint8Array(5_000));
  await assert.rejects(output.end(), new Error('write failed'));
});

/** Has a job done, and returns what is said of it, by the names of its keys. */
async function doJob(run: AgentRun, spec: object): Promise<Record<string, string>> {
  const session = await putJob(run, spec);
  const folder = `_rexec/${session}/n1/`;
  for (;;) {
    const { text } = await run.ask(`GET /v1/kv/${folder}?recurse`);
    const entries = text === '' ? [] : (JSON.parse(text) as { Key: string; Value: string | null }[]);
    const told = entries.map(({ Key, Value }) => [
      Key.slice(folder.length),
      Buffer.from(Value ?? '', 'base64').toString(),
    ]);
    if (told.some(([name]) => name === 'exit')) return Object.fromEntries(told);
    await sleep(10);
  }
}

async function putJob(run: AgentRun, spec: object): Promise<string> {
  await run.printed('Consul agent running!\n');
  await run.printed(hasLeader);
  await run.printed('Synced node info');
  const created = await run.ask('PUT /v1/session/create', '{"Behavior":"delete","TTL":"15s"}');
  const { ID } = JSON.parse(created.text) as { ID: string };
  await run.ask(`PUT /v1/kv/_rexec/${ID}/job?acquire=${ID}`, JSON.stringify(spec));
  await run.ask('PUT /v1/event/fire/_rexec', JSON.stringify({ Prefix: '_rexec', Session: ID }));
  return ID;
}
