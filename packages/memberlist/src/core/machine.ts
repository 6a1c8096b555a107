// The state that all rules of one node share. It has no rules of its own: memberlist.ts creates it and hands
// it to the rule files, each of which changes the part it is about.
// Everything that can fire later is owned by one of: suspicions (suspect.ts), acks (probe.ts,
// answer-ping.ts), tickers (memberlist.ts) and stream deadlines (stream-exchange.ts, inbound-stream.ts).

import type { Endpoint, LogLevel, Runtime } from '@reeve/runtime';
import { AckHandlers } from './ack-handlers.ts';
import { Awareness } from './awareness.ts';
import { BroadcastQueue } from './broadcast-queue.ts';
import type { MemberlistConfig } from './config.ts';
import type { MemberlistDelegate } from './delegate.ts';
import { MemberTable } from './member-table.ts';
import { MetNodes } from './met-nodes.ts';
import type { KnownNode } from './node.ts';
import type { NodeStore } from './node-store.ts';
import { longSilenceMs, Silence } from './silence.ts';
import type { Suspicion } from './suspicion.ts';
import type { Ticker } from './ticker.ts';
import type { Transport } from './transport.ts';
import { Turns } from './turns.ts';
import { Underway } from './underway.ts';
import { createLayers, type Layers } from './wire/layers.ts';
import { StreamBudget } from './wire/stream-buffer.ts';

/** The shared state of one node. */
export class Machine {
  readonly config: MemberlistConfig;
  readonly runtime: Runtime;
  readonly delegate: MemberlistDelegate;
  readonly layers: Layers;
  readonly table: MemberTable;
  readonly met: MetNodes;
  readonly broadcasts: BroadcastQueue;
  readonly awareness: Awareness;
  readonly silence: Silence;
  readonly acks: AckHandlers;
  /** Of what streams bring and is not understood yet. */
  readonly streamBudget: StreamBudget;
  /** Of what we answered on streams and the other side has not taken yet. */
  readonly answerBudget: StreamBudget;
  /** Running suspicions by node name. Bounded by the table: only known nodes are suspected. */
  readonly suspicions = new Map<string, Suspicion>();

  /** Open while the node runs. */
  transport: Transport | undefined;
  /** Rounds of gossip, from the start on; asleep while nothing is queued. */
  gossipTicker: Ticker | undefined;
  /** Where others reach us; known once the sockets are open. */
  advertised: Endpoint;
  /** We said goodbye: from then on we accept being dead. */
  leaving = false;
  /** Nodes said to be at another address, while that is looked into; see moved-node.ts. */
  readonly moving = new Set<string>();
  /** Somebody told what members who are asked may confirm; see second-opinion.ts. */
  isInDoubt = false;
  /** Indirect probes under way for others; bounded by the limit of the same name. */
  indirectProbes = 0;
  /** Streams that carry a message of the layer above away; bounded by userStreamsMax. */
  userStreams = 0;
  /** What ends with the node. */
  readonly underway = new Underway();
  /** Taking in what those say whom we asked. */
  readonly answers: Turns;

  #incarnation = 0;
  #sequence = 0;
  #userWasFirst = false;
  #failureLoggedAtMs = Number.NEGATIVE_INFINITY;
  /** The input at hand. */
  #input: PeerInput | undefined;

  constructor(config: MemberlistConfig, runtime: Runtime, delegate: MemberlistDelegate, store?: NodeStore) {
    this.config = config;
    this.runtime = runtime;
    this.delegate = delegate;
    this.layers = createLayers(config, runtime.random);
    this.table = new MemberTable(runtime.random, config.limits.nodesMax, store);
    this.met = new MetNodes(this.table, runtime.random);
    this.broadcasts = new BroadcastQueue({
      nodeCount: () => this.table.size,
      retransmitMult: config.retransmitMult,
      broadcastsMax: config.limits.broadcastsMax,
      onQueued: () => this.gossipTicker?.wake(),
    });
    this.awareness = new Awareness(config.awarenessMaxMultiplier, runtime.metrics);
    this.silence = new Silence(runtime.clock, longSilenceMs(config.probeIntervalMs));
    this.acks = new AckHandlers(runtime.timers);
    this.answers = new Turns(runtime.timers, this.underway);
    this.streamBudget = new StreamBudget(config.limits.streamsBytesMax);
    this.answerBudget = new StreamBudget(config.limits.answersBytesMax);
    this.advertised = config.bind;
  }

  /** Our own entry in the table; absent until started. */
  get self(): KnownNode | undefined {
    return this.table.get(this.config.name);
  }

  /** The port that a 0 on the wire stands for. */
  get ownPort(): number {
    return this.transport?.local.port ?? this.config.bind.port;
  }

  isSelf(name: string): boolean {
    return name === this.config.name;
  }

  /** A new number for a ping, from 1; wraps around at 2^32. */
  nextSequence(): number {
    this.#sequence = (this.#sequence + 1) % 2 ** 32;
    return this.#sequence;
  }

  /** Whether broadcasts of the layer above come first this time; see send.ts. */
  letsUserFirst(): boolean {
    this.#userWasFirst = this.broadcasts.size > manyBroadcasts && !this.#userWasFirst;
    return this.#userWasFirst;
  }

  /** Our next incarnation, from 1, higher than `accused` as far as 32 bits allow. */
  nextIncarnation(accused = 0): number {
    this.#incarnation = Math.min(incarnationMax, Math.max(this.#incarnation, accused) + 1);
    return this.#incarnation;
  }

  /** Has a member asked, soon, for what we cannot believe unasked. */
  doubt(): void {
    this.isInDoubt = true;
    this.gossipTicker?.wake();
  }

  /** One log line of this layer. What peers put into it is cut to a sensible length. */
  log(level: LogLevel, text: string): void {
    this.runtime.log(level, `memberlist: ${text.slice(0, logCharsMax)}`);
  }

  /**
   * Something that peers caused could not be received, or not be sent to where a packet had asked for it: one
   * line a second, or they could fill the log.
   */
  onSocketFailure(text: string): void {
    const nowMs = this.runtime.clock.now();
    if (nowMs - this.#failureLoggedAtMs < 1_000) return;
    this.#failureLoggedAtMs = nowMs;
    this.log('err', text);
  }

  /** A peer sent something unusable: one counter and one line, but no more than that for one input. */
  onBadInput(level: LogLevel, text: string): void {
    if (this.#input?.isComplainedOf) return;
    if (this.#input) this.#input.isComplainedOf = true;
    this.runtime.metrics.count('memberlist.input.refused', 1);
    this.log(level, text);
  }

  /** Takes an input of a peer, or a part of it: however much of it is unusable, it is complained of once. */
  takeInput<T>(take: () => T, input: PeerInput = { isComplainedOf: false }): T {
    this.#input = input;
    try {
      return take();
    } finally {
      this.#input = undefined;
    }
  }
}

/** What came from a peer at once: a packet, a node list. */
export interface PeerInput {
  isComplainedOf: boolean;
}

/** Why nothing is done for the caller before the start and after the end. */
export const notRunning = 'the node is not running';
/** The highest incarnation that fits the wire. */
export const incarnationMax = 2 ** 32 - 1;
const logCharsMax = 1_024;
/** About ten packets of them. */
const manyBroadcasts = 128;
