import type { Runtime } from '@reeve/runtime';
import { checkSerfConfig, type SerfConfig } from './config.ts';
import type { Coordinate } from './coordinate/coordinate.ts';
import type { SerfEvent } from './events.ts';
import type { KeyManager } from './key-manager.ts';
import type { Member, Tags } from './member.ts';
import type { QueryHandle, QueryHandlers, QueryParams } from './query-types.ts';

/** Where a serf node is in its life. */
export type SerfState = 'alive' | 'leaving' | 'left' | 'shutdown';

/** How a join ended. */
export interface JoinOutcome {
  /** How many of the given addresses were joined. */
  readonly joined: number;
  /** Why none was. */
  readonly error?: Error | undefined;
}

/** What a serf node tells whoever runs it. */
export interface SerfHandlers {
  /**
   * Something happened in the cluster. Called from inside the machine: send events and queries and answer queries
   * from here, but call `join`, `leave`, `forceLeave`, `setTags` and `shutdown` later, from outside.
   */
  onEvent(event: SerfEvent): void;
  /** The node is down and its files are closed, by `shutdown` or because it lost its name to another. */
  onShutdown?(): void;
}

/** One member of a cluster, as a library. Start it with `start`; nothing happens before. */
export class Serf {
  readonly #config: SerfConfig;

  /** @throws SerfError when the configuration cannot be run. */
  constructor(config: SerfConfig, _runtime: Runtime, _handlers: SerfHandlers) {
    checkSerfConfig(config);
    this.#config = config;
  }

  /** Reads the snapshot, binds the sockets and, if the snapshot knows members, rejoins them in the background. */
  start(_done: (error?: Error) => void): void {
    throw notYet;
  }

  get state(): SerfState {
    throw notYet;
  }

  /** This node. */
  localMember(): Member {
    throw notYet;
  }

  /** All members known, failed and left ones included. */
  members(): readonly Member[] {
    throw notYet;
  }

  /** Joins through these addresses: `host`, `host:port`, `[v6]:port` or `name/host:port`. */
  join(_addresses: readonly string[], _ignoreOld: boolean, _done: (outcome: JoinOutcome) => void): void {
    throw notYet;
  }

  /**
   * Sends an event to everybody, this node included.
   * @throws SerfError when it is too large.
   */
  userEvent(_name: string, _payload: Uint8Array, _coalesce: boolean): void {
    throw notYet;
  }

  /**
   * Asks the cluster.
   * @throws SerfError when it is too large or this node's protocol is below 4.
   */
  query(_name: string, _payload: Uint8Array, _params: QueryParams, _handlers: QueryHandlers): QueryHandle {
    throw notYet;
  }

  /** The tags this node has now. */
  get tags(): Tags {
    throw notYet;
  }

  /** Replaces this node's tags and waits until the change was gossiped. `done` may run inside this call. */
  setTags(_tags: Tags, _done: (error?: Error) => void): void {
    throw notYet;
  }

  /** Declares a failed member left; with `prune` everybody forgets it at once. `done` may run inside this call. */
  forceLeave(_name: string, _prune: boolean, _done: (error?: Error) => void): void {
    throw notYet;
  }

  /** Says goodbye and waits until the others had a chance to hear it. Call `shutdown` afterwards. */
  leave(_done: (error?: Error) => void): void {
    throw notYet;
  }

  /** Stops at once, without a word; the others will see a failure unless `leave` came before. */
  shutdown(): void {
    throw notYet;
  }

  /** Numbers for operators: `members failed left health_score member_time event_time query_time …`. */
  stats(): ReadonlyMap<string, string> {
    throw notYet;
  }

  /** Where a member (or this node) is in the space of network coordinates, if that is known. */
  coordinate(_name: string): Coordinate | undefined {
    throw notYet;
  }

  /** Changes the encryption keys of the cluster. */
  get keyManager(): KeyManager {
    throw notYet;
  }

  /** Whether this node encrypts. */
  get encryptionEnabled(): boolean {
    return this.#config.memberlist.keyring !== undefined;
  }
}

const notYet = new Error('lands with the next commits');
