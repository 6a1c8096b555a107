// A node of the membership protocol: SWIM (DSN 2002) with HashiCorp's extensions and Lifeguard (DSN 2018).
// This file puts the parts together and is what users call; every rule has its own file:
//   in:   packet-input.ts, inbound-stream.ts → alive.ts, suspect.ts, dead.ts, answer-ping.ts, merge.ts
//   out:  probe.ts, gossip.ts, push-pull.ts (one ticker each), join.ts, leave.ts, update-node.ts → send.ts;
//         send-reliably.ts
// Next: machine.ts, the state they share.

import type { Endpoint, Runtime } from '@reeve/runtime';
import { checkConfig, type MemberlistConfig } from './config.ts';
import type { MemberlistDelegate } from './delegate.ts';
import { gossip } from './gossip.ts';
import { StreamAcceptor } from './inbound-stream.ts';
import { type JoinOutcome, join } from './join.ts';
import { leave } from './leave.ts';
import { Machine } from './machine.ts';
import type { MemberNode } from './node.ts';
import type { NodeStore } from './node-store.ts';
import { onPacket } from './packet-input.ts';
import { findOut } from './presence.ts';
import { Prober } from './probe.ts';
import { pushPullWithRandom } from './push-pull.ts';
import { pushPullInterval } from './scaling.ts';
import { SecondOpinion } from './second-opinion.ts';
import { sendUserMessage, userBroadcastBytesMax } from './send.ts';
import { sendReliably } from './send-reliably.ts';
import { start } from './start.ts';
import { Ticker } from './ticker.ts';
import type { TransportInput } from './transport.ts';
import { updateNode } from './update-node.ts';

/** One member of a cluster. Start it, join others, and the delegate hears who comes and goes. */
export class Memberlist {
  readonly #machine: Machine;
  #tickers: readonly Ticker[] = [];
  #stopped = false;

  /**
   * `store` is for simulations of large clusters; by default a node begins knowing nobody.
   * @throws RangeError when the name or the label is too long, or the protocol version unknown.
   */
  constructor(config: MemberlistConfig, runtime: Runtime, delegate: MemberlistDelegate, store?: NodeStore) {
    checkConfig(config);
    this.#machine = new Machine(config, runtime, delegate, store);
  }

  /** Binds the sockets and begins. The delegate hears of ourselves joining before `done` is called. */
  start(done: (error?: Error) => void): void {
    const machine = this.#machine;
    const acceptor = new StreamAcceptor(machine);
    const input: TransportInput = {
      onPacket: (packet, from) => onPacket(machine, packet, from),
      onStream: (stream) => acceptor.accept(stream),
      onFailure: (text) => machine.onSocketFailure(text),
    };
    start(machine, input, (error) => {
      if (!error) this.#tickers = startTickers(machine);
      done(error);
    });
  }

  /** Contacts addresses (`host`, `host:port`, `name/host:port`); one success makes it a success. */
  join(addresses: readonly string[], done: (outcome: JoinOutcome) => void): void {
    join(this.#machine, addresses, done);
  }

  /**
   * Says goodbye, so that others see us as left. Still answers until `shutdown`. An error when nobody took it
   * in time.
   */
  leave(timeoutMs: number, done: (error?: Error) => void): void {
    leave(this.#machine, timeoutMs, done);
  }

  /** Announces what the delegate now calls our meta. An error when nobody took it in time. */
  updateNode(timeoutMs: number, done: (error?: Error) => void): void {
    updateNode(this.#machine, timeoutMs, done);
  }

  /** Sends a message of the layer above straight to somebody, once and unconfirmed. */
  sendTo(to: Endpoint, message: Uint8Array): void {
    sendUserMessage(this.#machine, to, message, (error) => {
      this.#machine.onSocketFailure(`Failed to send user message: ${error.message}`);
    });
  }

  /**
   * Sends a message of the layer above over a stream. `done` once and later: without an error when the other
   * side has taken it as far as one can tell, else, also at our end, with the reason. Nothing is repeated.
   * @throws RangeError when it is longer than `limits.streamBytesMax`.
   */
  sendReliably(to: Endpoint, message: Uint8Array, done: (error?: Error) => void = () => {}): void {
    sendReliably(this.#machine, to, message, done);
  }

  /**
   * Asks by packet whether somebody of this name is at an address; `done` once, or never when the node stops.
   */
  findOut(name: string, at: Endpoint, done: (isThere: boolean) => void): void {
    findOut(this.#machine, name, at, [], done);
  }

  /**
   * The delegate has something for `takeBroadcasts`. To be called whenever it has: rounds of gossip end while
   * there is nothing, and go on with the next that is due.
   */
  gossipSoon(): void {
    this.#machine.gossipTicker?.wake();
  }

  /**
   * Asks a member for its state, as is done at every `pushPullIntervalMs` anyway; at most once a second. For
   * the layer above, when it is told what it would rather have from somebody it has asked.
   */
  seekSecondOpinion(): void {
    this.#machine.doubt();
  }

  /** The longest message that the delegate's `takeBroadcasts` may ever be asked for. */
  get userBroadcastBytesMax(): number {
    return userBroadcastBytesMax(this.#machine);
  }

  /** Ourselves, as others see us. @throws Error before the start. */
  get localNode(): MemberNode {
    const { self } = this.#machine;
    if (!self) throw new Error('localNode is known only after the start');
    return self;
  }

  /** All members that are alive or suspected. */
  get members(): readonly MemberNode[] {
    return this.#machine.table.nodes.filter((node) => node.state === 'alive' || node.state === 'suspect');
  }

  /** All known nodes, the dead and the left included until they are forgotten. */
  get nodes(): readonly MemberNode[] {
    return this.#machine.table.nodes;
  }

  /** How many these are. */
  get nodeCount(): number {
    return this.#machine.table.size;
  }

  /** 0 when this node itself is well, up to one less than `awarenessMaxMultiplier`. */
  get healthScore(): number {
    return this.#machine.awareness.score;
  }

  /** Broadcasts of this layer that wait to be sent. */
  get queuedBroadcasts(): number {
    return this.#machine.broadcasts.size;
  }

  /**
   * Stops at once, without a goodbye unless there was a `leave`. Whoever waits for `start`, `join`, `leave`
   * or `updateNode` gets an error before this returns; nothing fires afterwards.
   */
  shutdown(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const machine = this.#machine;
    for (const ticker of this.#tickers) ticker.stop();
    for (const suspicion of machine.suspicions.values()) suspicion.cancel();
    machine.suspicions.clear();
    machine.acks.clear();
    machine.transport?.close();
    machine.transport = undefined;
    machine.underway.endAll();
  }
}

function startTickers(machine: Machine): Ticker[] {
  const { config, runtime, table } = machine;
  const prober = new Prober(machine);
  const opinion = new SecondOpinion(machine);
  const probeTicker = new Ticker(
    runtime,
    () => config.probeIntervalMs,
    (done) => prober.probeNext(done),
  );
  const gossipTicker = new Ticker(
    runtime,
    () => config.gossipIntervalMs,
    (done) => {
      opinion.seek();
      done(gossip(machine) || machine.isInDoubt ? undefined : 'sleep');
    },
  );
  machine.gossipTicker = gossipTicker;
  const tickers = [probeTicker, gossipTicker];
  if (config.pushPullIntervalMs === 0) return tickers;
  const pushPullTicker = new Ticker(
    runtime,
    () => pushPullInterval(config.pushPullIntervalMs, table.size),
    (done) => pushPullWithRandom(machine, done),
  );
  return [...tickers, pushPullTicker];
}
