// A node as a service holds it: core's Serf with promises, listeners and loops. It adds no rule of its own.
// As a guest: no state outside, nothing printed, no process handlers, several in one process, and `close`
// leaves no timer, socket or file open. Next: event-hub.ts, query.ts, keys.ts.

import type { Runtime } from '@reeve/runtime';
import {
  coordinateDistanceMs,
  type JoinOutcome,
  Serf,
  type SerfConfig,
  SerfError,
  type SerfState,
} from '../core/index.ts';
import { EventHub, type MissedEvents } from './event-hub.ts';
import { type EventName, type EventOf, type SerfEvent, toEvent } from './events.ts';
import { createKeys, type Keys } from './keys.ts';
import { type Member, toMember } from './member.ts';
import { toTags } from './options.ts';
import { type Payload, toBytes } from './payload.ts';
import { type Answers, collectAnswers, type QueryOptions } from './query.ts';

/** How events are looped over. */
export interface EventsOptions {
  /** How many events may wait for the loop before the oldest are dropped. Default 1024. */
  readonly bufferMax?: number;
}

/** How a node is closed. */
export interface CloseOptions {
  /** Say goodbye first, so that others see a leave and no failure. Default true. */
  readonly leave?: boolean;
}

/** A running node. `createSerf` makes one. */
export class SerfNode implements AsyncDisposable {
  /** Settles when the node is down: closed, or because it lost its name to another node. */
  readonly closed: Promise<void>;
  /** The cluster's encryption keys. */
  readonly keys: Keys;
  readonly #serf: Serf;
  readonly #hub = new EventHub();
  #left: Promise<void> | undefined;

  /** Opens the sockets, and the snapshot if there is one. Rejects and leaves nothing open if it cannot. */
  static async start(config: SerfConfig, runtime: Runtime): Promise<SerfNode> {
    const node = new SerfNode(config, runtime);
    try {
      await whenDone((done) => node.#serf.start(done));
      return node;
    } catch (error) {
      await node.close({ leave: false });
      throw error;
    }
  }

  private constructor(config: SerfConfig, runtime: Runtime) {
    const answering = { runtime, responseBytesMax: config.queryResponseSizeLimitBytes };
    let onShutdown = (): void => {};
    const isDown = new Promise<void>((resolve) => {
      onShutdown = resolve;
    });
    this.#serf = new Serf(config, runtime, {
      onEvent: (event) => this.#hub.emit(toEvent(event, answering)),
      onShutdown,
    });
    this.keys = createKeys(this.#serf.keyManager);
    this.closed = isDown.then(() => this.#hub.close());
  }

  /** Where the node is in its life. */
  get state(): SerfState {
    return this.#serf.state;
  }

  /** This node. */
  get self(): Member {
    return toMember(this.#serf.localMember());
  }

  /** All members known, failed and left ones included. */
  members(): Member[] {
    return this.#serf.members().map(toMember);
  }

  /**
   * Joins through these addresses: `host:port`, `[v6]:port`, or `host`, at the port this node has itself.
   * With `replay` the cluster's recent user events are told here, too. Resolves with how many could be
   * reached, rejects when none could.
   */
  async join(addresses: readonly string[], { replay = false } = {}): Promise<number> {
    const { joined, error } = await new Promise<JoinOutcome>((resolve) => {
      this.#serf.join(addresses, !replay, resolve);
    });
    if (error) throw error;
    return joined;
  }

  /**
   * Listens to events of a name: `member-join`, `user:deploy`, `query` … Returns how to stop. Listeners run
   * after what caused them and may call anything; what they throw is an uncaught exception.
   */
  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): () => void {
    return this.#hub.on(name, listener);
  }

  /**
   * All events from this call on, for `for await`; ends with the node. A loop that is too slow loses the
   * oldest events and is told so by one of kind `missed`.
   */
  events({ bufferMax = 1_024 }: EventsOptions = {}): AsyncIterableIterator<SerfEvent | MissedEvents> {
    return this.#hub.events(bufferMax);
  }

  /**
   * Sends an event to everybody, this node included. With `coalesce`, agents may handle only the last of
   * several of one name that follow each other quickly.
   * @throws SerfError when it is too large (512 bytes unless configured) or the node is down.
   */
  userEvent(name: string, payload: Payload = '', { coalesce = false } = {}): void {
    this.#checkIsUp();
    this.#serf.userEvent(name, toBytes(payload), coalesce);
  }

  /**
   * Asks the cluster, this node included. The query runs from this call on.
   * @throws SerfError when it is too large, too many are running, or the node is down.
   */
  query(name: string, payload: Payload = '', options: QueryOptions = {}): Answers {
    this.#checkIsUp();
    return collectAnswers(options, (params, handlers) => {
      return this.#serf.query(name, toBytes(payload), params, handlers);
    });
  }

  /** What this node says of itself. */
  get tags(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#serf.tags);
  }

  /** Replaces the tags; resolves when the change was gossiped. Rejects when they are too long. */
  async setTags(tags: Readonly<Record<string, string>>): Promise<void> {
    const checked = toTags(tags);
    await whenDone((done) => this.#serf.setTags(checked, done));
  }

  /** Declares a failed member left; with `prune` everybody forgets it at once. */
  forceLeave(name: string, { prune = false } = {}): Promise<void> {
    return whenDone((done) => this.#serf.forceLeave(name, prune, done));
  }

  /** The estimated round-trip time between a member and another (this node, if not given), once known. */
  rttMs(from: string, to = this.self.name): number | undefined {
    const [a, b] = [this.#serf.coordinate(from), this.#serf.coordinate(to)];
    return a && b && coordinateDistanceMs(a, b);
  }

  /** Numbers for operators, as `serf info` shows them. */
  stats(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#serf.stats());
  }

  /** Says goodbye; resolves when the others had a chance to hear it. The node stays up until `close`. */
  leave(): Promise<void> {
    this.#left ??= whenDone((done) => this.#serf.leave(done));
    return this.#left;
  }

  /** Leaves, unless told not to, and stops. Resolves when nothing of the node is left. */
  async close({ leave = true }: CloseOptions = {}): Promise<void> {
    if (leave && this.state !== 'shutdown') await this.leave();
    this.#serf.shutdown();
    await this.closed;
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkIsUp(): void {
    if (this.state === 'shutdown') throw new SerfError('the node is closed');
  }
}

function whenDone(start: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
