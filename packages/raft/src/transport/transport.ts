// Carries questions and answers between servers. Upstream: hashicorp/raft net_transport.go, with its framing
// (core/wire/rpc.ts).
//
// To each server there are two connections: one on which entries go, many at a time, and one for what must
// not wait behind them: heartbeats and votes. A snapshot has a connection to itself. Connections that others
// open are handed over by whoever listens: Consul has one port for many protocols.

import {
  AddressError,
  type Endpoint,
  type Network,
  type NetworkStream,
  type Result,
  type StreamHandler,
  splitHostPort,
  type Timers,
} from '@reeve/runtime';
import {
  type Answer,
  type Ask,
  encodeAnswer,
  encodeRequest,
  type InstallSnapshot,
  type Request,
} from '../core/index.ts';
import type { IncomingSnapshot } from '../storage/incoming-snapshot.ts';
import { Inbound, type Slot } from './inbound.ts';
import { type Connect, Lane, type LaneHandler } from './lane.ts';
import { ReceiveBudget } from './receive-budget.ts';

/** Hears what comes from other servers. */
export interface TransportHandler {
  /** A question, with the snapshot if it brings one. Answer with `reply`. */
  onAsked(ticket: number, request: Request, snapshot: IncomingSnapshot | undefined): void;
  onAnswered(ask: Ask, answer: Answer): void;
  onFailed(ask: Ask, reason: string): void;
  /** The last connection on which the leader with this address spoke has closed. */
  onGone(address: string): void;
  /** A connection was dropped because of what came on it. */
  onRefused(reason: string): void;
}

/** How connections are made and how long is waited. */
export interface TransportOptions {
  readonly connect: Connect;
  readonly timers: Timers;
  readonly now: () => number;
  /** For entries, which wait for a disk. */
  readonly timeoutMs: number;
  /** For heartbeats and votes. */
  readonly quickTimeoutMs: number;
  /** The largest snapshot that is taken from others. */
  readonly snapshotBytesMax: number;
  /** Makes room for one that arrives. */
  readonly receiveSnapshot: (done: (result: Result<IncomingSnapshot>) => void) => void;
  /** Whether a server of the configuration has this address. */
  readonly isServer: (host: string) => boolean;
}

/** One server's side of all connections. */
export class RaftTransport {
  readonly #options: TransportOptions;
  readonly #handler: TransportHandler;
  /** By address. Bounded by the configurations there were; those that are no longer used are idle. */
  readonly #lanes = new Map<string, { readonly entries: Lane; readonly quick: Lane }>();
  readonly #snapshotLanes = new Set<Lane>();
  /** Bounded by the one who listens. */
  readonly #inbound = new Set<Inbound>();
  /** What has to be answered, also where nobody waits any more. Bounded by the budget. */
  readonly #slots = new Map<number, Slot>();
  readonly #budget: ReceiveBudget;
  /** The one snapshot that is on its way, until its question is answered. */
  #install: Install | undefined;
  #tickets = 0;
  /** The question that was encoded last. */
  #last: { readonly request: Request; readonly message: Uint8Array } | undefined;

  constructor(options: TransportOptions, handler: TransportHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#budget = new ReceiveBudget(options.isServer);
  }

  /** Takes a connection on which Raft has been chosen; what it hears goes to the handler it gets. */
  accept(stream: NetworkStream): StreamHandler {
    const connection = new Inbound(
      stream,
      {
        onAsked: (slot, request, snapshot) => this.#onAsked(slot, request, snapshot),
        onSnapshot: (from, request, ready) => this.#onSnapshot(from, request, ready),
        onHeld: ({ host }, bytes) => {
          this.#budget.change(host, bytes);
          return !this.#budget.isExceededBy(host);
        },
        onGone: (gone, reason) => this.#onInboundGone(gone, reason),
      },
      this.#options.timers,
    );
    this.#inbound.add(connection);
    return connection;
  }

  /** Asks. A question to install a snapshot brings its bytes. */
  ask(ask: Ask, snapshot?: Uint8Array): void {
    const { request } = ask;
    const message = this.#encoded(request);
    if (snapshot !== undefined) return this.#sendSnapshot(ask, message, snapshot);
    const { entries, quick } = this.#lanesTo(ask.to.address);
    (request.kind === 'append-entries' ? entries : quick).send(ask, [message]);
  }

  /** Answers what came with a ticket, if the one who asked is still there. */
  reply(ticket: number, answer: Answer): void {
    const slot = this.#slots.get(ticket);
    if (slot === undefined) return;
    this.#slots.delete(ticket);
    this.#budget.change(slot.connection.host, -slot.bytes);
    if (this.#install?.ticket === ticket) this.#install = undefined;
    slot.answer = encodeAnswer(answer);
    slot.connection.flush();
  }

  /** Ends all connections. */
  close(): void {
    for (const { entries, quick } of this.#lanes.values()) {
      entries.close();
      quick.close();
    }
    for (const lane of this.#snapshotLanes) lane.close();
    for (const connection of this.#inbound) connection.close();
    this.#lanes.clear();
    this.#inbound.clear();
    this.#slots.clear();
  }

  /** Several servers are asked the same. */
  #encoded(request: Request): Uint8Array {
    if (this.#last?.request !== request) this.#last = { request, message: encodeRequest(request) };
    return this.#last.message;
  }

  #lanesTo(address: string): { readonly entries: Lane; readonly quick: Lane } {
    const known = this.#lanes.get(address);
    if (known !== undefined) return known;
    const { timeoutMs, quickTimeoutMs } = this.#options;
    const lanes = { entries: this.#lane(address, timeoutMs), quick: this.#lane(address, quickTimeoutMs) };
    this.#lanes.set(address, lanes);
    return lanes;
  }

  #lane(address: string, timeoutMs: number, handler: LaneHandler = this.#handler): Lane {
    const { connect, timers, now } = this.#options;
    return new Lane({ address, connect, timers, timeoutMs, handler }, now);
  }

  #sendSnapshot(ask: Ask, message: Uint8Array, snapshot: Uint8Array): void {
    const end = (): void => {
      lane.close();
      this.#snapshotLanes.delete(lane);
    };
    const { timeoutMs } = this.#options;
    const scale = Math.max(1, snapshot.length / snapshotBytesPerTimeout);
    const lane = this.#lane(ask.to.address, timeoutMs * scale, {
      onAnswered: (asked, answer) => {
        end();
        this.#handler.onAnswered(asked, answer);
      },
      onFailed: (asked, reason) => {
        end();
        this.#handler.onFailed(asked, reason);
      },
    });
    this.#snapshotLanes.add(lane);
    lane.send(ask, [message, snapshot]);
  }

  #onAsked(slot: Slot, request: Request, snapshot: IncomingSnapshot | undefined): void {
    const ticket = ++this.#tickets;
    this.#slots.set(ticket, slot);
    this.#budget.change(slot.connection.host, slot.bytes);
    if (snapshot !== undefined && this.#install?.connection === slot.connection)
      this.#install.ticket = ticket;
    this.#handler.onAsked(ticket, request, snapshot);
  }

  /** One at a time; the leader that we are to believe pushes out whoever it is not. */
  #onSnapshot(
    connection: Inbound,
    request: InstallSnapshot,
    ready: (incoming: IncomingSnapshot) => void,
  ): void {
    const { snapshotBytesMax, receiveSnapshot } = this.#options;
    const { sizeBytes } = request.snapshot;
    if (sizeBytes > snapshotBytesMax)
      return connection.refuse(`a snapshot of ${sizeBytes} bytes, the limit is ${snapshotBytesMax}`);
    const before = this.#install;
    if (before !== undefined && !this.#goesFirst({ connection, request }, before))
      return connection.refuse(`a snapshot, while one of ${before.connection.from} is being installed`);
    this.#install = { connection, request, ticket: undefined };
    before?.connection.refuse(`a snapshot, in place of which ${connection.from} sends another`);
    receiveSnapshot((result) => {
      if (result.ok) ready(result.value);
      else connection.refuse(`failed to create snapshot to install: ${result.error.message}`);
    });
  }

  #goesFirst(next: Pick<Install, 'connection' | 'request'>, before: Install): boolean {
    const isServer = ({ connection }: Pick<Install, 'connection'>) => this.#options.isServer(connection.host);
    if (before.ticket !== undefined) return false; // it is whole, and will be answered soon
    return isServer(next) === isServer(before) ? next.request.term >= before.request.term : isServer(next);
  }

  #onInboundGone(gone: Inbound, reason: string | undefined): void {
    this.#inbound.delete(gone);
    if (this.#install?.connection === gone && this.#install.ticket === undefined) this.#install = undefined;
    if (reason !== undefined) this.#handler.onRefused(`${reason}: from=${gone.from}`);
    const { leader } = gone;
    for (const connection of this.#inbound) if (connection.leader === leader) return;
    if (leader !== '') this.#handler.onGone(leader);
  }
}

/** A snapshot that is on its way. */
interface Install {
  readonly connection: Inbound;
  readonly request: InstallSnapshot;
  /** Of the question, once all of it is there. */
  ticket: number | undefined;
}

/** Connects to Consul's port: its first byte chooses Raft. */
export function connectByFirstByte(network: Network, timeoutMs: number): Connect {
  return (address, handler) => {
    const stream = network.dial(endpointOf(address), timeoutMs, handler);
    stream.write(raftByte);
    return stream;
  };
}

/** What is no address leads nowhere, like one at which nobody answers. */
function endpointOf(address: string): Endpoint {
  try {
    const { host, port } = splitHostPort(address);
    if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return { host, port: Number(port) };
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
  }
  return { host: '127.0.0.1', port: 0 };
}

/** The first byte of a connection on which Raft is spoken. */
const raftByte = new Uint8Array([1]);
/** Upstream's: each 256 KiB have as much time as a short question. */
const snapshotBytesPerTimeout = 256 << 10;
