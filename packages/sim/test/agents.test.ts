// Agents, not just nodes: scripts, files, and joining until somebody answers.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventScripts } from '@reeve/serf/agent';
import { type AgentSettings, plainAgent, profiles, Simulation, type SimulationOptions } from '@reeve/sim';
import { weather } from './weather.ts';

function agents(nodes: number, settings: Partial<AgentSettings>, more: Partial<SimulationOptions> = {}) {
  const agent = (): AgentSettings => ({ ...plainAgent, ...settings });
  return new Simulation({ seed: 1, nodes, profile: profiles.quick, agent, ...more });
}

function joins(addresses: readonly string[], repetitionsMax = 0): Partial<AgentSettings> {
  return { retryJoin: { addresses, intervalMs: 5_000, repetitionsMax } };
}

function textsOf({ log }: Simulation['nodes'][number]): readonly string[] {
  return log.map(({ text }) => text).filter((text) => text.startsWith('agent: '));
}

test('every property holds with the agents of the seeds 1 to 25', () => {
  weather('agents', 1, 25);
});

test('who joins again and again has joined soon after an address has come up', () => {
  const simulation = agents(2, joins(['10.0.0.2']));
  const [late, early] = [simulation.node('n2'), simulation.node('n1')];
  early.start();
  simulation.run(12_000);
  equal(simulation.happened.vainJoins, 3);
  equal(early.serf?.members().length, 1);
  late.start();
  simulation.run(5_500);
  equal(early.serf?.members().length, 2);
  simulation.run(60_000);
  ok(simulation.violation === undefined && simulation.happened.vainJoins === 3);
});

test('who has joined in vain as often as it may gives up and ends', () => {
  const simulation = agents(2, joins(['10.0.0.2'], 2));
  const node = simulation.node('n1');
  node.start();
  simulation.run(10_100);
  ok(!node.isRunning && node.isWanted);
  equal(simulation.happened.vainJoins, 3);
  ok(textsOf(node).includes('agent: maximum retry join attempts made, exiting'));
});

test('an agent that lost its power comes back with its tags and finds its cluster by its snapshot', () => {
  const profile = (name: string) => ({ ...profiles.quick(name), snapshotPath: '/data/snapshot' });
  const simulation = agents(3, { tagsFile: '/data/tags' }, { profile });
  simulation.form();
  const node = simulation.node('n3');
  node.setTags(new Map([['role', 'web']]));
  simulation.run(5_000);
  node.crash({ keepUnsyncedBytes: 0 });
  simulation.run(20_000);
  node.start();
  simulation.settle(20_000);
  equal(simulation.violation, undefined);
  const member = simulation
    .node('n1')
    .serf?.members()
    .find(({ name }) => name === 'n3');
  deepEqual([member?.status, member?.tags], ['alive', new Map([['role', 'web']])]);
  ok(textsOf(node).includes('agent: Restored 1 tag(s) from /data/tags'));
});

test('tags that cannot be written are not set, and those of before are there after a restart', () => {
  const simulation = agents(1, { tagsFile: '/data/tags' });
  const node = simulation.node('n1');
  node.start();
  simulation.run(100);
  node.setTags(new Map([['role', 'web']]));
  simulation.run(100);
  node.failDisk('ENOSPC', 1_000);
  node.setTags(new Map([['role', 'db']]));
  simulation.run(2_000);
  deepEqual(node.serf?.tags, new Map([['role', 'web']]));
  match(textsOf(node).at(-1) ?? '', /^agent: Failed to write tags file: .*no space left on device$/);
  node.crash();
  node.start();
  simulation.run(100);
  deepEqual(node.serf?.tags, new Map([['role', 'web']]));
  equal(simulation.violation, undefined);
});

test('an agent without its keys does not start', () => {
  const simulation = agents(1, { keyringFile: '/data/keyring' });
  const node = simulation.node('n1');
  node.start();
  simulation.run(100);
  ok(!node.isRunning);
  equal(node.log.at(-1)?.text, 'start: stat /data/keyring: no such file or directory');
});

test('scripts run in configured order for the events they are for, and who leaves waits for none', () => {
  const begun: string[] = [];
  const checkers = [
    {
      property: 'notes',
      onScript: (_node: unknown, step: { kind: string; command?: string; event?: { kind: string } }) => {
        if (step.kind === 'begun') begun.push(`${step.command} ${step.event?.kind}`);
        return undefined;
      },
    },
  ];
  const scripts = ['all', 'user:deploy=deploys'].flatMap(parseEventScripts);
  const simulation = agents(1, { scripts }, { checkers });
  const node = simulation.node('n1');
  node.start();
  simulation.run(5_000);
  node.event('deploy', 'v2');
  node.event('other', '');
  simulation.run(5_000);
  deepEqual(begun, ['all member-join', 'all user', 'deploys user', 'all user']);
  node.event('last', '');
  node.leave();
  simulation.run(10_000);
  ok(!node.isRunning);
});
