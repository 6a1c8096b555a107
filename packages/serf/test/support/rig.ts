// One machine on virtual time over a memberlist that only takes notes: for testing a rule without a network.

import { lanProfile, type MemberNode, type Work } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { defaultSerfConfig, type SerfConfig, type SerfEvent } from '@reeve/serf/core';
import { EventChain } from '../../dist/core/event-chain.js';
import type { Gossip } from '../../dist/core/gossip.js';
import { createDelegate } from '../../dist/core/gossip-delegate.js';
import { Machine } from '../../dist/core/machine.js';
import { onNodeJoin } from '../../dist/core/node-events.js';
import { encodeTags } from '../../dist/core/wire/tags.js';

/** A message that was sent straight to somebody. */
export interface Sent {
  readonly to: Endpoint;
  readonly message: Uint8Array;
}

/** A message that was sent over a stream, and how to end it. */
export interface SentReliably extends Sent {
  readonly done: (error?: Error) => void;
}

/** Takes notes of what serf asks of it; finishes what takes time when told to. */
export class NotingGossip implements Gossip {
  readonly nodes: MemberNode[] = [];
  readonly sent: Sent[] = [];
  readonly sentReliably: SentReliably[] = [];
  readonly joins: { readonly addresses: readonly string[]; readonly done: Parameters<Gossip['join']>[1] }[] =
    [];
  healthScore = 0;
  queuedBroadcasts = 0;
  userBroadcastBytesMax = 1_395;
  isDown = false;
  /** How often it was told that there are news. */
  wakes = 0;
  opinionsSought = 0;
  /** Hosts where nobody is. */
  deserted: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get localNode(): MemberNode {
    const node = this.nodes.find(({ name }) => name === this.#name);
    if (!node) throw new Error('not joined');
    return node;
  }

  get members(): readonly MemberNode[] {
    return this.nodes;
  }

  start(done: () => void): void {
    done();
  }

  join(addresses: readonly string[], done: Parameters<Gossip['join']>[1]): void {
    this.joins.push({ addresses, done });
  }

  leave(_timeoutMs: number, done: () => void): void {
    done();
  }

  updateNode(_timeoutMs: number, done: () => void): void {
    done();
  }

  gossipSoon(): void {
    this.wakes += 1;
  }

  sendTo(to: Endpoint, message: Uint8Array): void {
    this.sent.push({ to, message });
  }

  sendReliably(to: Endpoint, message: Uint8Array, done: (error?: Error) => void): void {
    this.sentReliably.push({ to, message, done });
  }

  findOut(_name: string, at: Endpoint, done: (isThere: boolean) => void): void {
    done(!this.deserted.includes(at.host));
  }

  seekSecondOpinion(): void {
    this.opinionsSought += 1;
  }

  shutdown(): void {
    this.isDown = true;
  }
}

/** A node called `me` at 10.0.0.1, alone until others join. */
export function createRig(overrides: Partial<SerfConfig> = {}) {
  const world = new VirtualWorld({ seed: 1 });
  const host = world.host('10.0.0.1');
  const events: SerfEvent[] = [];
  const gossip = new NotingGossip('me');
  const config = { ...defaultSerfConfig(lanProfile('me')), protocolVersion: 5, ...overrides };
  const machine: Machine = new Machine({
    config,
    runtime: host.runtime,
    createGossip: () => gossip,
    emit: (event) => chain.onEvent(event),
    shutdown: () => {
      machine.state = 'shutdown';
    },
  });
  const chain = new EventChain(machine, (event) => events.push(event));
  const delegate = createDelegate(machine);
  const join = (node: MemberNode): void => {
    gossip.nodes.push(node);
    onNodeJoin(machine, node);
  };
  join(nodeCalled('me', '10.0.0.1'));
  events.length = 0;
  return { world, host, machine, gossip, delegate, chain, events, join, lines: () => takeLines(host) };
}

/** Does all steps of some work at once. */
export function finish(work: Work): void {
  Array.from(work);
}

/** A node as memberlist describes it. */
export function nodeCalled(
  name: string,
  host: string,
  tags: Readonly<Record<string, string>> = {},
): MemberNode {
  return {
    name,
    host,
    port: 7946,
    meta: encodeTags(new Map(Object.entries(tags)), 5),
    versions: { pMin: 1, pMax: 5, pCur: 2, dMin: 2, dMax: 5, dCur: 5 },
    state: 'alive',
    incarnation: 1,
    stateChangedAtMs: 0,
  };
}

/** `member-join a,b` or `user deploy`. */
export function describeEvent(event: SerfEvent): string {
  if (event.kind === 'user' || event.kind === 'query') return `${event.kind} ${event.name}`;
  return `${event.kind} ${event.members.map(({ name }) => name).join(',')}`;
}

/** What was logged since the last call. */
function takeLines(host: VirtualHost): readonly string[] {
  return host.logLines.splice(0);
}
