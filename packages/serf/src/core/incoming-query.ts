// A query that reached this node, and the one answer it may be given. Upstream: event.go (Query), query.go
// (relayResponse). Answers go straight to who asked – also when that is this node – and, if it asked for
// relays, once more through random others.

import type { Endpoint } from '@reeve/runtime';
import { SerfError } from './errors.ts';
import type { QueryEvent } from './events.ts';
import type { Machine } from './machine.ts';
import type { Member } from './member.ts';
import { type QueryMessage, queryFlags } from './messages.ts';
import { encodeQueryResponse, encodeRelay } from './wire/query-response.ts';

/** A query as an application sees it, with what only we need. */
export class IncomingQuery implements QueryEvent {
  readonly kind = 'query';
  readonly deadlineMs: number;
  readonly #machine: Machine;
  readonly #message: QueryMessage;
  #isAnswered = false;

  constructor(machine: Machine, message: QueryMessage) {
    this.#machine = machine;
    this.#message = message;
    this.deadlineMs = machine.runtime.clock.now() + message.timeoutMs;
  }

  get name(): string {
    return this.#message.name;
  }

  get payload(): Uint8Array {
    return this.#message.payload;
  }

  get lTime(): number {
    return this.#message.lTime;
  }

  get sourceNode(): string {
    return this.#message.sourceNode;
  }

  /** Says that the query has arrived. */
  acknowledge(): void {
    const message = this.#encode(new Uint8Array(0), queryFlags.ack);
    this.#machine.gossip.sendTo(this.#message.replyTo, message);
    const problem = relay(this.#machine, this.#message, message);
    if (problem) this.#machine.log('err', `failed to relay ack: ${problem}`);
  }

  respond(payload: Uint8Array): void {
    const problem = this.#tryRespond(payload);
    // The original says "key query" of every query.
    if (problem) throw new SerfError(`failed to respond to key query: ${problem}`);
  }

  /** `respond` for answers that this node gives by itself; `what` kind of query it was is for the log. */
  respondOrLog(payload: Uint8Array, what: 'conflict' | 'key'): void {
    try {
      this.respond(payload);
    } catch (error) {
      if (!(error instanceof SerfError)) throw error;
      this.#machine.log('err', `Failed to respond to ${what} query: ${error.message}`);
    }
  }

  /** Whether an answer is small enough to be sent. */
  fits(payload: Uint8Array): boolean {
    return this.#encode(payload, 0).length <= this.#machine.config.queryResponseSizeLimitBytes;
  }

  #tryRespond(payload: Uint8Array): string | undefined {
    const { config, runtime, gossip } = this.#machine;
    const message = this.#encode(payload, 0);
    if (message.length > config.queryResponseSizeLimitBytes)
      return `response exceeds limit of ${config.queryResponseSizeLimitBytes} bytes`;
    if (this.#isAnswered) return 'response already sent';
    if (runtime.clock.now() > this.deadlineMs) return 'response is past the deadline';
    gossip.sendTo(this.#message.replyTo, message);
    this.#isAnswered = true;
    return relay(this.#machine, this.#message, message);
  }

  #encode(payload: Uint8Array, flags: number): Uint8Array {
    const { lTime, id } = this.#message;
    return encodeQueryResponse({ lTime, id, from: this.#machine.name, flags, payload });
  }
}

/** Sends an answer once more through others, in clusters where that is worth it; returns why it cannot. */
function relay(machine: Machine, query: QueryMessage, message: Uint8Array): string | undefined {
  const { relayFactor, replyTo, sourceNode } = query;
  const { gossip, members, config } = machine;
  if (relayFactor === 0 || members.size < relayFactor + 1) return undefined;
  const envelope = encodeRelay({ to: replyTo, node: sourceNode, message });
  const limit = config.queryResponseSizeLimitBytes;
  if (envelope.length > limit) return `relayed response exceeds limit of ${limit} bytes`;
  for (const via of chooseRelays(machine, relayFactor)) gossip.sendTo(via, envelope);
  return undefined;
}

/** Random other members that are alive and know how to relay. */
function chooseRelays(machine: Machine, count: number): readonly Endpoint[] {
  const candidates: Member[] = [];
  for (const { member } of machine.members.all()) {
    const canRelay = member.status === 'alive' && member.protocolMax >= relayProtocolVersion;
    if (canRelay && member.name !== machine.name) candidates.push(member);
  }
  const chosen: Member[] = [];
  while (chosen.length < count && candidates.length > 0) {
    chosen.push(...candidates.splice(machine.runtime.random.below(candidates.length), 1));
  }
  return chosen;
}

/** Upstream compares it with the version of memberlist's protocol, of all things. */
const relayProtocolVersion = 5;
