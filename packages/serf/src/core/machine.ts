// What the rules share: one node's state and its ways to the world. serf.ts makes one and owns it; every rule
// is a function that is given it. Nothing here decides anything.
// Next: node-events.ts, join-intent.ts and leave-intent.ts, the rules of membership.

import { decodeText } from '@reeve/bytes';
import { BroadcastQueue, Underway } from '@reeve/memberlist';
import type { LogLevel, Runtime } from '@reeve/runtime';
import { Complaints } from './complaints.ts';
import type { SerfConfig } from './config.ts';
import { CoordinateClient } from './coordinate/client.ts';
import type { Coordinate } from './coordinate/coordinate.ts';
import type { SerfEvent } from './events.ts';
import type { Gossip } from './gossip.ts';
import { LamportBuffer } from './lamport-buffer.ts';
import { LamportClock } from './lamport-clock.ts';
import { LargeMessages } from './large-messages.ts';
import type { Tags } from './member.ts';
import { type MemberStore, MemberTable } from './member-table.ts';
import { RecentIntents } from './recent-intents.ts';
import { RunningQueries } from './running-queries.ts';
import { Seeds } from './seeds.ts';
import { TimerSet } from './timers.ts';

/** Where a serf node is in its life. */
export type SerfState = 'alive' | 'leaving' | 'left' | 'shutdown';

/** What a machine is connected to. */
export interface MachineParts {
  readonly config: SerfConfig;
  readonly runtime: Runtime;
  /** Makes the layer below, which must not call back before it is started. */
  readonly createGossip: (machine: Machine) => Gossip;
  /** Whom it knows at the beginning; by default nobody. */
  readonly store?: MemberStore | undefined;
  /** Takes what happens; see event-chain.ts. */
  readonly emit: (event: SerfEvent) => void;
  /** Ends the node. */
  readonly shutdown: () => void;
}

/** The shared state of one node. It begins with all clocks at 1. */
export class Machine {
  readonly config: SerfConfig;
  readonly runtime: Runtime;
  readonly timers: TimerSet;
  readonly gossip: Gossip;
  readonly emit: (event: SerfEvent) => void;
  readonly shutdown: () => void;

  readonly members: MemberTable;
  readonly recentIntents: RecentIntents;
  /** Where we were told to find the cluster. */
  readonly seeds: Seeds;
  readonly clocks = { member: new LamportClock(), event: new LamportClock(), query: new LamportClock() };
  /** User events that were heard lately. */
  readonly heardEvents: LamportBuffer<HeardEvent>;
  /** Ids of queries that were heard lately. */
  readonly heardQueries: LamportBuffer<number>;
  /** What is waiting to be gossiped. */
  readonly queues: {
    readonly intents: BroadcastQueue;
    readonly queries: BroadcastQueue;
    readonly events: BroadcastQueue;
  };
  /** What no packet can carry and is being sent over streams. */
  readonly largeMessages: LargeMessages;
  /** Queries of ours. */
  readonly runningQueries: RunningQueries;
  /** Absent when coordinates are disabled. */
  readonly coordinates: NetworkCoordinates | undefined;

  /** What this node says of itself now. */
  tags: Tags;
  state: SerfState = 'alive';
  /** A join is under way that wants no events from before. */
  ignoresOldEvents = false;
  /** The others are being asked who has our name. */
  isResolvingConflict = false;

  /** What ends with the node, besides the timers. */
  readonly underway = new Underway();
  readonly #complaints: Complaints;

  constructor({ config, runtime, createGossip, store, emit, shutdown }: MachineParts) {
    const { limits } = config;
    this.config = config;
    this.runtime = runtime;
    this.timers = new TimerSet(runtime.timers);
    this.#complaints = new Complaints(runtime.clock, (level, text) => this.log(level, text));
    this.emit = emit;
    this.shutdown = shutdown;
    this.members = new MemberTable(limits.membersMax, store);
    this.recentIntents = new RecentIntents(limits.recentIntentsMax);
    this.seeds = new Seeds(limits.seedsMax);
    this.heardEvents = createEventBuffer(config);
    this.heardQueries = createQueryBuffer(config);
    const { retransmitMult } = config.memberlist;
    this.queues = {
      intents: this.#createQueue(retransmitMult),
      queries: this.#createQueue(retransmitMult * surely),
      events: this.#createQueue(retransmitMult * surely),
    };
    this.runningQueries = new RunningQueries({
      runtime,
      complain: (level, text) => this.complain(level, text),
      timers: this.timers,
      queriesMax: limits.runningQueriesMax,
      memberCount: () => this.members.size,
    });
    this.coordinates = config.disableCoordinates ? undefined : createCoordinates(this.name, runtime);
    this.tags = new Map(config.tags);
    this.gossip = createGossip(this);
    this.largeMessages = new LargeMessages({
      config,
      gossip: this.gossip,
      runtime,
      timers: this.timers,
      memberCount: () => this.members.size,
    });
  }

  /** This node's name. */
  get name(): string {
    return this.config.memberlist.name;
  }

  /** One log line of this layer. What peers put into it is cut to a sensible length. */
  log(level: LogLevel, text: string): void {
    this.runtime.log(level, `serf: ${text.slice(0, logCharsMax)}`);
  }

  /** A peer sent something unusable: one counter and one line, as far as there are not too many. */
  onBadInput(level: LogLevel, text: string): void {
    this.runtime.metrics.count('serf.input.refused', 1);
    this.complain(level, text);
  }

  /** Something about what peers send: they decide how often, so not everything is written. */
  complain(level: LogLevel, text: string): void {
    this.#complaints.add(level, text);
  }

  #createQueue(retransmitMult: number): BroadcastQueue {
    return new BroadcastQueue({
      nodeCount: () => this.members.size,
      retransmitMult,
      broadcastsMax: this.config.limits.broadcastsMax,
      onQueued: () => this.gossip.gossipSoon(),
    });
  }
}

/** A user event as it is remembered. */
export interface HeardEvent {
  readonly name: string;
  readonly payload: Uint8Array;
}

/** Where we are, and where others said they are. */
export interface NetworkCoordinates {
  readonly client: CoordinateClient;
  // Bounded by the member table: only members' coordinates are kept.
  readonly known: Map<string, Coordinate>;
  /** What those who ping us are told, and the coordinate it was made of. */
  told?: { readonly coordinate: Coordinate; readonly payload: Uint8Array };
}

function createEventBuffer({ eventBufferSize, limits }: SerfConfig): LamportBuffer<HeardEvent> {
  return new LamportBuffer<HeardEvent>({
    size: eventBufferSize,
    keyOf: ({ name, payload }) => `${name.length} ${name}${decodeText(payload)}`,
    costOf: ({ name, payload }) => eventOverheadBytes + 3 * (name.length + payload.length),
    costMax: limits.eventBufferBytesMax,
  });
}

function createQueryBuffer({ queryBufferSize, limits }: SerfConfig): LamportBuffer<number> {
  return new LamportBuffer<number>({
    size: queryBufferSize,
    keyOf: (id) => id,
    costOf: () => 1,
    costMax: limits.queryIdsMax,
  });
}

function createCoordinates(name: string, { random }: Runtime): NetworkCoordinates {
  const client = new CoordinateClient(() => random.float());
  return { client, known: new Map([[name, client.coordinate]]) };
}

/** About what an event costs in memory besides its name and payload, which are held as item and as key. */
const eventOverheadBytes = 256;
/**
 * Ours. Nobody repeats an event or a query later, as push/pull does with members. Sent as often as upstream
 * sends it, it passes over one member in 3,000; sent twice as often, one in ten million.
 */
const surely = 2;
const logCharsMax = 1_024;
