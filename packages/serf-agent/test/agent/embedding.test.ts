// Agents without a program around them: several in one process, on this machine's sockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createNodeRuntime } from '@reeve/runtime/node';
import type { SerfEvent } from '@reeve/serf/core';
import { type Agent, type AgentConfig, AgentLog, startAgent } from '@reeve/serf-agent';
import { folderWith } from '../config/load-config.js';
import { privateAddress } from './agent-process.js';

test('two agents in one process join, hear the same event and share nothing', async (t) => {
  const alpha = await embedded(t, 'alpha', { tags: new Map([['role', 'web']]) });
  const beta = await embedded(t, 'beta');
  assert.equal(await beta.agent.join([alpha.agent.serf.memberlist.bind.host], false), 1);
  const names = (agent: Agent): string[] =>
    agent
      .members()
      .map(({ name }) => name)
      .sort();
  assert.deepEqual(names(alpha.agent), ['alpha', 'beta']);
  assert.deepEqual(names(beta.agent), ['alpha', 'beta']);
  assert.deepEqual([...alpha.agent.tags()], [['role', 'web']]);
  assert.deepEqual([...beta.agent.tags()], []);

  const heard = [alpha, beta].map(({ agent }) => nextUserEvent(agent));
  alpha.agent.userEvent('deploy', new TextEncoder().encode('v1'), false);
  for (const event of await Promise.all(heard)) assert.equal(event, 'deploy: v1');
  assert(!alpha.lines.some((line) => line.includes('joining:')));
  assert(beta.lines.some((line) => line.endsWith(`agent: joined: 1 nodes`)));
});

test('[75] a reload changes the tags that the configuration changes, and no others', async (t) => {
  const { agent } = await embedded(t, 'tagged', { tags: tagsOf({ a: '1', b: '1', c: '1' }) });
  await agent.setTags(tagsOf({ a: '1', b: 'set', c: '1', d: 'set' }));
  const reload = (tags: AgentConfig['tags']) => agent.reload({ ...agent.config, tags });
  await reload(tagsOf({ a: '2', b: '1' }));
  assert.deepEqual(agent.tags(), tagsOf({ a: '2', b: 'set', d: 'set' }));
  await reload(tagsOf({ a: '2', b: '1' }));
  assert.deepEqual(agent.tags(), tagsOf({ a: '2', b: 'set', d: 'set' }), 'nothing changed');

  await assert.rejects(reload(tagsOf({ a: 'x'.repeat(600) })), /Encoded length of tags exceeds limit/);
  assert.deepEqual(agent.tags(), tagsOf({ a: '2', b: 'set', d: 'set' }), 'refused tags change nothing');
  await reload(tagsOf({ a: '3' }));
  assert.deepEqual(agent.tags(), tagsOf({ a: '3', d: 'set' }), 'and are forgotten');
});

test('[75] agents that share a tags file leave it whole, with the tags of one of them', async (t) => {
  const folder = await folderWith(t, {});
  const tagsFile = join(folder, 'tags.json');
  const agents = await Promise.all(
    ['one', 'two', 'three'].map(async (name) => (await embedded(t, name, { tagsFile })).agent),
  );
  await Promise.all(
    agents.flatMap((agent, index) =>
      Array.from({ length: 20 }, (_, round) => agent.setTags(tagsOf({ who: `${index}`.repeat(round + 1) }))),
    ),
  );
  const written = await readFile(tagsFile, 'utf8');
  assert.match(written, /^\{\n {2}"who": "(0+|1+|2+)"\n\}$/);
  assert.deepEqual(await readdir(folder), ['tags.json'], 'nothing is left beside it');
});

test('shutdown frees the ports, settles `stopped` and may be called again', async (t) => {
  const { agent, lines } = await embedded(t, 'gone');
  const { host, port } = await agent.listen();
  const client = connect(port, host).resume();
  await once(client, 'connect');
  const closed = once(client, 'close');
  await Promise.all([agent.shutdown(), agent.shutdown(), agent.stopped, closed]);
  const refused = connect(port, host);
  assert.match(String((await once(refused, 'error'))[0]), /ECONNREFUSED/);
  assert.deepEqual(
    lines.filter((line) => /shutdown|Shutdown/.test(line)).map((line) => line.replace(/^.*\] /, '')),
    ['agent: requesting serf shutdown', 'serf: Shutdown without a Leave', 'agent: shutdown complete'],
  );
  const again = await embedded(t, 'back', { bind: agent.serf.memberlist.bind.host });
  assert.equal(again.agent.members().length, 1);
});

test('a node that loses its name takes its agent down', async (t) => {
  const winner = await embedded(t, 'dup');
  const observer = await embedded(t, 'observer');
  const second = await embedded(t, 'observer2');
  const seed = winner.agent.serf.memberlist.bind.host;
  await observer.agent.join([seed], false);
  await second.agent.join([seed], false);
  const loser = await embedded(t, 'dup');
  await loser.agent.join([observer.agent.serf.memberlist.bind.host], false);
  await loser.agent.stopped;
  const lines = loser.lines.map((line) => line.slice('2026/11/21 19:37:38 '.length));
  assert.deepEqual(lines.slice(lines.findIndex((line) => line.includes('minority'))).filter(isNoEvent), [
    '[WARN] serf: minority in name conflict resolution, quitting [0 / 2]',
    '[WARN] serf: Shutdown without a Leave',
    '[WARN] agent: Serf shutdown detected, quitting',
    '[INFO] agent: requesting serf shutdown',
    '[INFO] agent: shutdown complete',
  ]);
  assert.equal(winner.agent.members().length, 3);
});

test('queries with the internal prefix are refused, except the ping without payload', async (t) => {
  const { agent } = await embedded(t, 'q');
  const handlers = { onAck() {}, onResponse() {}, onDone() {} };
  const refusal = { message: "Queries cannot contain the '_serf_' prefix" };
  assert.throws(() => agent.query('_serf_conflict', new Uint8Array(), {}, handlers), refusal);
  assert.throws(() => agent.query('_serf_ping', Uint8Array.of(1), {}, handlers), refusal);
  agent.query('_serf_ping', new Uint8Array(), {}, handlers).close();
});

// Events that are still held back are told when the node goes down.
function isNoEvent(line: string): boolean {
  return !line.includes('Received event');
}

interface Embedded {
  readonly agent: Agent;
  readonly lines: readonly string[];
}

async function embedded(
  t: TestContext,
  name: string,
  settings: Partial<AgentConfig> = {},
): Promise<Embedded> {
  const lines: string[] = [];
  const log = new AgentLog('debug', (line) => lines.push(line));
  log.openGate();
  const runtime = createNodeRuntime({ log: log.write });
  const bind = await privateAddress();
  const own = { nodeName: name, bind, rpcAddress: '127.0.0.1:0', profile: 'local' };
  const agent = await startAgent({ ...own, ...settings }, runtime, log);
  t.after(() => agent.shutdown());
  return { agent, lines };
}

function nextUserEvent(agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const stop = agent.onEvent((event: SerfEvent) => {
      if (event.kind !== 'user') return;
      stop();
      resolve(`${event.name}: ${new TextDecoder().decode(event.payload)}`);
    });
  });
}

function tagsOf(tags: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(tags));
}
