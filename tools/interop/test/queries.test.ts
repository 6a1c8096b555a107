// Queries across programs: whoever asks, all that are meant answer once, and nobody else. Filters are judged
// by each member for itself, so a regular expression has to mean the same to both programs.

import { deepEqual, equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Agent, Cluster, eventually, peersMissing, startMixedCluster } from '@reeve/interop';

describe('queries', { skip: peersMissing(), concurrency: true }, () => {
  test('asked from any member, everybody acknowledges and answers once', async (t) => {
    const { all } = await start(await Cluster.of(t));
    for (const agent of all) {
      await eventually(`${agent.name} hears all`, async () => {
        const { acks, responses } = await ask(agent, ['-timeout=3s', 'echo', `of ${agent.name}`]);
        deepEqual(acks, allNames);
        deepEqual(
          responses,
          allNames.map((name) => [name, `${name} heard of ${agent.name}`]),
        );
      });
    }
  });

  test('[56] filters by name and by tag choose the same members for both programs', async (t) => {
    const { real, ours } = await start(await Cluster.of(t));
    const checkAll = async (agent: Agent): Promise<void> => {
      for (const [flags, expected] of filterCases) {
        await eventually(`${agent.name} asks ${flags.join(' ')}`, async () => {
          const { acks, responses } = await ask(agent, ['-timeout=1s', ...flags, 'echo', '']);
          deepEqual(acks, expected);
          deepEqual(
            responses.map(([name]) => name),
            expected,
          );
        });
      }
    };
    await Promise.all([real[0], real[1], ours[0]].map(checkAll));
  });

  test('[58] relayed by everybody, each answer still counts once', async (t) => {
    const { all, real, ours } = await start(await Cluster.of(t));
    for (const agent of [real[0], ours[0]]) {
      await eventually(`${agent.name} hears all`, async () => {
        const { responses } = await ask(agent, ['-timeout=3s', '-relay-factor=5', 'echo', 'x']);
        deepEqual(
          responses.map(([name]) => name),
          allNames,
        );
      });
    }
    for (const agent of all) {
      await eventually(`${agent.name} has relayed for others`, () =>
        match(agent.output, /serf: Relaying response to addr: /),
      );
    }
  });

  test('a member answers without being asked to acknowledge', async (t) => {
    const { real, ours } = await start(await Cluster.of(t));
    for (const agent of [real[0], ours[0]]) {
      await eventually(`${agent.name} hears all`, async () => {
        const { acks, responses } = await ask(agent, ['-timeout=2s', '-no-ack', 'echo', '']);
        deepEqual([acks, responses.length], [[], allNames.length]);
      });
    }
  });
});

/** Six agents that answer `echo` with their name and what they heard. */
function start(cluster: Cluster) {
  const script = join(cluster.folder, 'echo.sh');
  writeFileSync(script, '#!/bin/sh\nprintf "%s heard %s" "$SERF_SELF_NAME" "$(cat)"\n', { mode: 0o755 });
  return startMixedCluster(cluster, (name) => [
    `-event-handler=query:echo=${script}`,
    ...(name.endsWith('1') ? ['-tag=role=webserver', '-tag=Zone=Zürich'] : []),
    ...(name.endsWith('2') ? ['-tag=role=web'] : []),
  ]);
}

interface Answers {
  readonly acks: readonly string[];
  readonly responses: readonly (readonly [string, string])[];
}

/** What a query brings, sorted by name. */
async function ask(agent: Agent, args: readonly string[]): Promise<Answers> {
  const { exit, stdout, stderr } = await agent.serf('query', '-format=json', ...args);
  equal(exit, 0, stderr);
  const { Acks, Responses } = JSON.parse(stdout) as {
    Acks: string[] | null;
    Responses: Record<string, string>;
  };
  return { acks: (Acks ?? []).sort(), responses: Object.entries(Responses).sort() };
}

const allNames = ['ours1', 'ours2', 'ours3', 'real1', 'real2', 'real3'];
const [ONES, TWOS, THREES] = ['1', '2', '3'].map((number) => [`ours${number}`, `real${number}`]) as [
  string[],
  string[],
  string[],
];

/** Flags, and whom they mean. Expressions are RE2, match anywhere, and a missing tag is an empty one. */
const filterCases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['-node=real2', '-node=ours3', '-node=nobody'],
    ['ours3', 'real2'],
  ],
  [['-tag=role=web'], [...ONES, ...TWOS].sort()],
  [['-tag=role=^web$'], TWOS],
  [['-tag=role=(?i)WEB\\z'], TWOS],
  [['-tag=Zone=^Z\\pL+h$'], ONES],
  [['-tag=role=[[:alpha:]]{4,}'], ONES],
  [['-tag=role=^$'], THREES],
  [['-tag=nosuch='], allNames],
  [['-tag=role=server', '-node=real1'], ['real1']],
  [['-tag=role=web', '-tag=Zone=.'], ONES],
  [['-tag=role=(unclosed'], []],
];
