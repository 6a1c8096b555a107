// The agent's own part: what it logs and keeps, and in which order it ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile } from '@reeve/memberlist';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { AgentCore, restoreFiles } from '@reeve/serf/agent';
import { defaultSerfConfig, type SerfConfig, type Tags } from '@reeve/serf/core';
import { textOf } from '../support/bytes.js';

test('an agent is stopped when its node is down and what served it has ended', () => {
  const { agent, world, steps, log, served } = startedAgent();
  agent.shutdown(() => steps.push('shutdown'));
  agent.shutdown(() => steps.push('shutdown again'));
  world.run(100);
  assert.deepEqual(steps, ['down']);
  served();
  assert.deepEqual(steps, ['down', 'shutdown', 'shutdown again', 'stopped']);
  agent.shutdown(() => steps.push('and again'));
  assert.equal(steps.at(-1), 'and again');
  assert.deepEqual(log.slice(-3), [
    '[INFO] agent: requesting serf shutdown',
    '[WARN] serf: Shutdown without a Leave',
    '[INFO] agent: shutdown complete',
  ]);
});

test('a node that ends by itself takes its agent down', () => {
  const { agent, world, steps, log, served } = startedAgent();
  agent.serf.shutdown();
  world.run(100);
  assert(agent.isEnding);
  served();
  assert.deepEqual(steps, ['down', 'stopped']);
  assert(log.includes('[WARN] agent: Serf shutdown detected, quitting'));
});

test('who asks for a leave while one goes on, or later, hears of the same end', () => {
  const { agent, world, steps, log } = startedAgent();
  for (const who of ['first', 'second']) agent.leave((error) => steps.push(`${who} ${error}`));
  world.run(10_000);
  agent.leave((error) => steps.push(`third ${error}`));
  assert.deepEqual(steps, ['first undefined', 'second undefined', 'third undefined']);
  assert.equal(log.filter((line) => line.endsWith('requesting graceful leave from Serf')).length, 1);
});

test('tags are in their file before anybody is told, and the next start has them', () => {
  const { agent, world, host } = startedAgent();
  const outcomes: unknown[] = [];
  const set = (tags: Tags): void => agent.setTags(tags, (error) => outcomes.push(error?.message));
  set(new Map([['role', 'web']]));
  assert.equal(agent.serf.tags.size, 0);
  world.run(5_000);
  assert.equal(textOf(host.files.read('/tags') ?? new Uint8Array()), '{\n  "role": "web"\n}');
  assert.equal(host.files.get('/tags')?.mode, 0o600);
  set(new Map([['role', 'x'.repeat(600)]]));
  host.files.fault = (call) => (call === 'write' ? 'ENOSPC' : undefined);
  set(new Map([['role', 'db']]));
  world.run(5_000);
  assert.deepEqual(outcomes, [
    undefined,
    'Encoded length of tags exceeds limit of 512 bytes',
    'Failed to write tags file: write /tags: no space left on device',
  ]);
  assert.deepEqual(agent.serf.tags, new Map([['role', 'web']]));
  let restored: SerfConfig | undefined;
  const settings = { tagsFile: '/tags', keyringFile: '', tags: new Map(), encryptKey: '' };
  restoreFiles(settings, nodeConfig(host.ip), host.runtime, (result) => {
    restored = result.ok ? result.value : undefined;
  });
  world.run(100);
  assert.deepEqual(restored?.tags, new Map([['role', 'web']]));
});

test('queries with the reserved prefix are refused, but for the ping', () => {
  const { agent } = startedAgent();
  const handlers = { onAck() {}, onResponse() {}, onDone() {} };
  const ask = (name: string, payload = new Uint8Array()) => agent.query(name, payload, {}, handlers);
  assert.throws(() => ask('_serf_install-key'), { message: "Queries cannot contain the '_serf_' prefix" });
  assert.throws(() => ask('_serf_ping', Uint8Array.of(1)));
  ask('_serf_ping');
});

function nodeConfig(ip: string): SerfConfig {
  return defaultSerfConfig({ ...lanProfile('n1'), bind: { host: ip, port: 7946 } });
}

/** An agent alone in its world; what served it has ended when the test says so. */
function startedAgent() {
  const world = new VirtualWorld({ seed: 1 });
  const host = world.host('n1');
  const steps: string[] = [];
  let served = (): void => {};
  const agent = new AgentCore({
    serf: nodeConfig(host.ip),
    tagsFile: '/tags',
    runtime: host.runtime,
    handlers: {
      onEvent() {},
      onDown(done) {
        steps.push('down');
        served = done;
      },
      onStopped: () => steps.push('stopped'),
    },
  });
  agent.start((error) => assert.ifError(error));
  world.run(100);
  return { agent, world, host, steps, log: host.logLines, served: () => served() };
}
