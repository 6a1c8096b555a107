// User events larger than a packet. Among real agents they travel only by push/pull, up to 30 s apart; one of
// ours carries them to everybody over streams, which real agents understand.

import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  type HandledEvent,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
  stdinHex,
} from '@reeve/interop';

describe('large user events', { skip: peersMissing() }, () => {
  test('events of 3,000 and 9,000 bytes reach ten agents within 5 s, exactly once', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const agents = await startTen(cluster, log.flag, allowLargeEvents(cluster));
    const expected: HandledEvent[] = [];
    for (const bytes of [3_000, 9_000]) {
      const payload = Uint8Array.from({ length: bytes }, (_, index) => (index * index) % 251);
      await sendEvent(agents[0], `of-${bytes}`, payload);
      expected.push({ type: 'user', name: `of-${bytes}`, stdin: stdinHex(payload) });
      await expectHandled(log, agents, expected, 5_000);
    }
    await sendEvent(agents[1], 'after', new Uint8Array(0));
    expected.push({ type: 'user', name: 'after', stdin: '' });
    await expectHandled(log, agents, expected);
  });

  test('an event of 9,000 bytes crosses an encrypted cluster as quickly', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const flags = [
      log.flag,
      allowLargeEvents(cluster),
      '-encrypt=pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=',
    ];
    const sender = await cluster.start(reeve, 'sender', ...flags);
    const agents: [Agent, ...Agent[]] = [sender];
    for (const [name, program] of [['old', serf094] as const, ['new', serf0101] as const]) {
      agents.push(await cluster.start(program, name, ...flags, `-join=${sender.gossip}`));
    }
    await expectStatuses(agents, allAlive(agents));
    const payload = new Uint8Array(9_000).fill(0x78);
    await sendEvent(sender, 'deploy', payload);
    await expectHandled(log, agents, [{ type: 'user', name: 'deploy', stdin: stdinHex(payload) }], 5_000);
  });
});

/** Five of ours and five real ones that all know one another. */
async function startTen(cluster: Cluster, ...flags: string[]): Promise<[Agent, Agent, ...Agent[]]> {
  const programs = [reeve, serf094, reeve, serf0101, reeve, serf094, reeve, serf0101, reeve, serf094];
  const agents: Agent[] = [];
  for (const [index, program] of programs.entries()) {
    const joins = agents.slice(0, 2).map(({ gossip }) => `-join=${gossip}`);
    agents.push(await cluster.start(program, `agent${index}`, ...flags, ...joins));
  }
  await expectStatuses(agents, allAlive(agents));
  return agents as [Agent, Agent, ...Agent[]];
}

/** The flag with which an agent takes events of up to 9 kB. */
function allowLargeEvents(cluster: Cluster): string {
  const file = join(cluster.folder, 'large-events.json');
  writeFileSync(file, JSON.stringify({ user_event_size_limit: 9_216 }));
  return `-config-file=${file}`;
}

async function expectHandled(
  log: EventLog,
  agents: readonly Agent[],
  events: readonly HandledEvent[],
  withinMs?: number,
): Promise<void> {
  const check = (agent: Agent) => () => deepEqual(log.of(agent), events);
  const waits = agents.map((agent) => {
    const what = `${agent.name} (${agent.program.title}) handled ${events.at(-1)?.name}`;
    return eventually(what, check(agent), withinMs);
  });
  await Promise.all(waits);
}
