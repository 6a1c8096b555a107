// A serf node, as users call it: puts the parts together. Every rule has its own file:
//   in:          gossip-delegate.ts, which has the only switch over message types
//   membership:  node-events.ts, join-intent.ts, leave-intent.ts, push-pull-state.ts
//   the gone:    reap.ts, reconnect.ts, try-seeds.ts, prune.ts
//   operators:   join.ts, graceful-leave.ts, force-leave.ts, key-manager.ts
//   messages:    user-event.ts, query.ts, internal-query.ts, name-conflict.ts, large-messages.ts
//   events out:  snapshot.ts → event-chain.ts (internal queries → coalescing) → the application
// Next: machine.ts, the state they share; messages.ts, what nodes say to each other.

import { Memberlist, type MemberlistConfig, type MemberNode, type NodeStore } from '@reeve/memberlist';
import type { Runtime } from '@reeve/runtime';
import {
  checkSerfConfig,
  findTagsProblem,
  memberlistProtocolVersion,
  protocolVersionMax,
  protocolVersionMin,
  type SerfConfig,
} from './config.ts';
import type { Coordinate } from './coordinate/coordinate.ts';
import { SerfError } from './errors.ts';
import { EventChain } from './event-chain.ts';
import type { SerfEvent } from './events.ts';
import { forceLeave } from './force-leave.ts';
import { createDelegate } from './gossip-delegate.ts';
import { leaveGracefully } from './graceful-leave.ts';
import { type JoinOutcome, JoinQueue } from './join.ts';
import { createKeyManager, type KeyManager } from './key-manager.ts';
import { Machine, type SerfState } from './machine.ts';
import type { Member, Tags } from './member.ts';
import type { MemberStore } from './member-table.ts';
import { startQuery } from './query.ts';
import type { QueryHandle, QueryHandlers, QueryParams } from './query-types.ts';
import { checkQueueDepths } from './queue-depth.ts';
import { reapMembers } from './reap.ts';
import { reconnectSome } from './reconnect.ts';
import { rejoin } from './rejoin.ts';
import { openSnapshot, type Snapshot, snapshotTickMs } from './snapshot.ts';
import type { SnapshotContent } from './snapshot-replay.ts';
import { trySeeds } from './try-seeds.ts';
import { sendUserEvent } from './user-event.ts';
import type { VetoMembers } from './veto.ts';

/** What a serf node tells whoever runs it. */
export interface SerfHandlers {
  /**
   * Something happened in the cluster. Called from inside the machine: send events and queries and answer
   * queries from here, but call `join`, `leave`, `forceLeave`, `setTags` and `shutdown` later, from outside.
   */
  onEvent(event: SerfEvent): void;
  /** Refuses members; may be asked before `start` has ended, and of ourselves. */
  readonly vetoMembers?: VetoMembers;
  /** The node is down and its files are closed, by `shutdown` or because it lost its name to another. */
  onShutdown?(): void;
}

/**
 * Whom a node knows before it has heard of anybody. For simulations, whose clusters would take longer to form
 * than what is to be seen takes.
 */
export interface Acquaintance {
  /** The layer below's. */
  readonly nodes: NodeStore;
  /** The same members. */
  readonly members: MemberStore;
}

/** One member of a cluster. Start it with `start`; nothing happens before. */
export class Serf {
  readonly #machine: Machine;
  readonly #handlers: SerfHandlers;
  readonly #chain: EventChain;
  readonly #joins: JoinQueue;
  #snapshot: Snapshot | undefined;

  /** Changes the encryption keys of the cluster. */
  readonly keyManager: KeyManager;

  /**
   * A node begins knowing nobody, unless it is a simulated one.
   * @throws SerfError when the configuration cannot be run.
   */
  constructor(config: SerfConfig, runtime: Runtime, handlers: SerfHandlers, known?: Acquaintance) {
    checkSerfConfig(config);
    this.#handlers = handlers;
    this.#machine = new Machine({
      config,
      runtime,
      createGossip: (machine) =>
        new Memberlist(
          memberlistConfig(config),
          runtime,
          createDelegate(machine, handlers.vetoMembers),
          known?.nodes,
        ),
      store: known?.members,
      emit: (event) => this.#onEvent(event),
      shutdown: () => this.shutdown(),
    });
    this.#chain = new EventChain(this.#machine, (event) => handlers.onEvent(event));
    this.#joins = new JoinQueue(this.#machine);
    this.keyManager = createKeyManager(this.#machine);
  }

  /**
   * Reads the snapshot, binds the sockets and, if the snapshot knows members, rejoins them in the background.
   */
  start(done: (error?: Error) => void): void {
    const { config, runtime, clocks } = this.#machine;
    const { snapshotPath: path, rejoinAfterLeave, limits } = config;
    if (path === undefined) return this.#startGossip(new Map(), done);
    const options = { path, bytesMax: limits.snapshotBytesMax, rejoinAfterLeave, clock: clocks.member };
    openSnapshot(options, runtime, (opened) => {
      if (!opened.ok) return done(opened.error);
      const { snapshot, content } = opened.value;
      if (this.state === 'shutdown') return snapshot.close(() => done(new SerfError(stoppedText)));
      this.#snapshot = snapshot;
      this.#restoreClocks(content);
      this.#startGossip(content.alive, done);
    });
  }

  get state(): SerfState {
    return this.#machine.state;
  }

  /** This node. @throws Error before the start. */
  localMember(): Member {
    const self = this.#machine.members.get(this.#machine.name);
    if (!self) throw new Error('localMember is known only after the start');
    return self.member;
  }

  /** All members known, failed and left ones included. */
  members(): readonly Member[] {
    return [...this.#machine.members.all()].map(({ member }) => member);
  }

  /**
   * Joins through these addresses: `host`, `host:port`, `[v6]:port` or `name/host:port`. With `ignoreOld`
   * user events sent before are not told. `done` may run inside this call.
   */
  join(addresses: readonly string[], ignoreOld: boolean, done: (outcome: JoinOutcome) => void): void {
    this.#joins.join(addresses, ignoreOld, done);
  }

  /**
   * Sends an event to everybody, this node included.
   * @throws SerfError when it is too large.
   */
  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void {
    sendUserEvent(this.#machine, name, payload, coalesce);
  }

  /**
   * Asks the cluster, this node included. Names that begin with `_serf_` ask the nodes themselves.
   * @throws SerfError when it is too large, too many are running, or this node's protocol is below 4.
   */
  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle {
    return startQuery(this.#machine, name, payload, params, handlers);
  }

  /** The tags this node has now. */
  get tags(): Tags {
    return this.#machine.tags;
  }

  /** Why `setTags` would refuse these tags; undefined if it would not. */
  findTagsProblem(tags: Tags): Error | undefined {
    return findTagsProblem(tags, this.#machine.config.protocolVersion);
  }

  /** Replaces this node's tags and waits until the change was gossiped. `done` may run inside this call. */
  setTags(tags: Tags, done: (error?: Error) => void): void {
    const { config, gossip } = this.#machine;
    const problem = this.findTagsProblem(tags);
    if (problem) return done(problem);
    this.#machine.tags = new Map(tags);
    gossip.updateNode(config.broadcastTimeoutMs, done);
  }

  /** Declares a failed member left; with `prune` all forget it at once. `done` may run inside this call. */
  forceLeave(name: string, prune: boolean, done: (error?: Error) => void): void {
    forceLeave(this.#machine, name, prune, done);
  }

  /**
   * Says goodbye and waits until the others had a chance to hear it; call `shutdown` afterwards. Leaving
   * again after that is no error. `done` may run inside this call.
   */
  leave(done: (error?: Error) => void): void {
    const machine = this.#machine;
    if (machine.state === 'left') return done();
    if (machine.state === 'leaving') return done(new SerfError('Leave already in progress'));
    if (machine.state === 'shutdown') return done(new SerfError('Leave called after Shutdown'));
    machine.state = 'leaving';
    this.#snapshot?.leave();
    leaveGracefully(machine, () => {
      if (machine.state === 'leaving') machine.state = 'left';
      done();
    });
  }

  /** Stops at once, without a word; the others will see a failure unless `leave` came before. */
  shutdown(): void {
    const machine = this.#machine;
    if (machine.state === 'shutdown') return;
    if (machine.state !== 'left') machine.log('warn', 'Shutdown without a Leave');
    machine.state = 'shutdown';
    machine.gossip.shutdown();
    machine.runningQueries.closeAll();
    this.#chain.close();
    machine.underway.endAll();
    machine.timers.cancelAll();
    this.#closeSnapshot(() => this.#handlers.onShutdown?.());
  }

  /** Numbers for operators, as text. */
  stats(): ReadonlyMap<string, string> {
    const { members, clocks, queues, gossip, coordinates } = this.#machine;
    const numbers: [key: string, value: number][] = [
      ['members', members.size],
      ['failed', members.withStatus('failed').length],
      ['left', members.withStatus('left').length],
      ['health_score', gossip.healthScore],
      ['member_time', clocks.member.time],
      ['event_time', clocks.event.time],
      ['query_time', clocks.query.time],
      ['intent_queue', queues.intents.size],
      ['event_queue', queues.events.size],
      ['query_queue', queues.queries.size],
    ];
    if (coordinates) numbers.push(['coordinate_resets', coordinates.client.resets]);
    const texts = new Map<string, string>();
    for (const [key, value] of numbers) texts.set(key, String(value));
    return texts.set('encrypted', String(this.encryptionEnabled));
  }

  /**
   * The nodes as the layer below believes them to be, with incarnations, dead and left ones included until it
   * forgets them. For monitoring and simulation; `members` is what an application wants.
   */
  get gossipNodes(): readonly MemberNode[] {
    return this.#machine.gossip.nodes;
  }

  /** Messages of the layer below that wait to be sent; those of this layer are in `stats`. */
  get queuedBroadcasts(): number {
    return this.#machine.gossip.queuedBroadcasts;
  }

  /** Where a member (or this node) is in the space of network coordinates, if that is known. */
  coordinate(name: string): Coordinate | undefined {
    return this.#machine.coordinates?.known.get(name);
  }

  /** Whether this node encrypts. */
  get encryptionEnabled(): boolean {
    return this.#machine.config.memberlist.keyring !== undefined;
  }

  #restoreClocks(content: SnapshotContent): void {
    const { clocks, heardEvents, heardQueries } = this.#machine;
    clocks.member.restore(content.clock);
    clocks.event.restore(content.eventClock);
    clocks.query.restore(content.queryClock);
    heardEvents.ignoreBefore(content.eventClock + 1);
    heardQueries.ignoreBefore(content.queryClock + 1);
  }

  #startGossip(remembered: ReadonlyMap<string, string>, done: (error?: Error) => void): void {
    const machine = this.#machine;
    machine.gossip.start((error) => {
      if (this.state === 'shutdown') return done(new SerfError(stoppedText));
      if (error) {
        const problem = new SerfError(`Failed to create memberlist: ${error.message}`, { cause: error });
        return this.#closeSnapshot(() => done(problem));
      }
      this.#startTicks();
      rejoin(machine, remembered);
      done();
    });
  }

  #startTicks(): void {
    const machine = this.#machine;
    const { config, timers } = machine;
    timers.every(config.reapIntervalMs, () => reapMembers(machine));
    timers.every(config.reconnectIntervalMs, () => reconnectSome(machine));
    timers.every(config.reconnectIntervalMs, () => trySeeds(machine));
    timers.every(config.queueCheckIntervalMs, () => checkQueueDepths(machine));
    if (this.#snapshot) timers.every(snapshotTickMs, () => this.#snapshot?.tick());
  }

  /** Never calls `done` inside this call, with or without a snapshot. */
  #closeSnapshot(done: () => void): void {
    if (this.#snapshot) this.#snapshot.close(done);
    else this.#machine.runtime.timers.after(0, done);
    this.#snapshot = undefined;
  }

  #onEvent(event: SerfEvent): void {
    this.#snapshot?.record(event);
    this.#chain.onEvent(event);
  }
}

function memberlistConfig({ memberlist, protocolVersion }: SerfConfig): MemberlistConfig {
  return {
    ...memberlist,
    protocolVersion: memberlistProtocolVersion,
    delegateVersions: { min: protocolVersionMin, max: protocolVersionMax, current: protocolVersion },
  };
}

const stoppedText = 'the node was shut down while it started';
