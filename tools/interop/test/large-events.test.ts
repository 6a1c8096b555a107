// User events larger than a packet. Among real agents they travel only by push/pull, up to 30 s apart; one of
// ours carries them to everybody over streams, which real agents understand.

import { deepEqual, ok } from 'node:assert/strict';
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
    const spread = new Spread(log, agents);
    for (const bytes of [3_000, 9_000]) {
      const payload = Uint8Array.from({ length: bytes }, (_, index) => (index * index) % 251);
      await spread.expectWithin(5_000, agents[0], payload);
    }
    await spread.send(agents[1], new Uint8Array(0));
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
    await new Spread(log, agents).expectWithin(5_000, sender, new Uint8Array(9_000).fill(0x78));
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

/** Events that go out one after the other. */
class Spread {
  readonly #log: EventLog;
  readonly #agents: readonly Agent[];
  readonly #sent: HandledEvent[] = [];

  constructor(log: EventLog, agents: readonly Agent[]) {
    this.#log = log;
    this.#agents = agents;
  }

  /** Sends one and waits until everybody has handled all so far, each once; returns how long that took. */
  async send(sender: Agent, payload: Uint8Array): Promise<number> {
    const name = `event-${this.#sent.length}`;
    this.#sent.push({ type: 'user', name, stdin: stdinHex(payload) });
    const startMs = performance.now();
    await sendEvent(sender, name, payload);
    const handled = this.#agents.map((agent) =>
      eventually(`${agent.name} (${agent.program.title}) handled ${name}`, () =>
        deepEqual(this.#log.of(agent), this.#sent),
      ),
    );
    await Promise.all(handled);
    return performance.now() - startMs;
  }

  /** A machine that is busy with other tests gets ten tries. */
  async expectWithin(limitMs: number, sender: Agent, payload: Uint8Array): Promise<void> {
    const tookMs: number[] = [];
    while (tookMs.length < 10 && !tookMs.some((ms) => ms <= limitMs)) {
      tookMs.push(await this.send(sender, payload));
    }
    ok(Math.min(...tookMs) <= limitMs, `took ${tookMs.map(Math.round).join(', ')} ms`);
  }
}
