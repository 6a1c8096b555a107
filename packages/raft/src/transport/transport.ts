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
  type Stream,
  type StreamHandler,
  splitHostPort,
  type Timers,
} from '@reeve/runtime';
import { type Answer, type Ask, encodeAnswer, encodeRequest, type Request } from '../core/index.ts';
import { Inbound, type Slot } from './inbound.ts';
import { type Connect, Lane, type LaneHandler } from './lane.ts';

/** Hears what comes from other servers. */
export interface TransportHandler {
  /** A question, with the bytes of a snapshot if it brings one. Answer with `reply`. */
  onAsked(ticket: number, request: Request, snapshot: Uint8Array | undefined): void;
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
  /** What has to be answered. Bounded by the slots of all connections. */
  readonly #slots = new Map<number, Slot>();
  #tickets = 0;

  constructor(options: TransportOptions, handler: TransportHandler) {
    this.#options = options;
    this.#handler = handler;
  }

  /** Takes a connection on which Raft has been chosen; what it hears goes to the handler it gets. */
  accept(stream: Stream): StreamHandler {
    const connection = new Inbound(
      stream,
      {
        onAsked: (slot, request, snapshot) => this.#onAsked(slot, request, snapshot),
        onGone: (gone, reason) => this.#onInboundGone(gone, reason),
      },
      this.#options.snapshotBytesMax,
    );
    this.#inbound.add(connection);
    return connection;
  }

  /** Asks. A question to install a snapshot brings its bytes. */
  ask(ask: Ask, snapshot?: Uint8Array): void {
    const { request } = ask;
    const message = encodeRequest(request);
    if (snapshot !== undefined) return this.#sendSnapshot(ask, message, snapshot);
    const { entries, quick } = this.#lanesTo(ask.to.address);
    (request.kind === 'append-entries' ? entries : quick).send(ask, [message]);
  }

  /** Answers what came with a ticket, if the one who asked is still there. */
  reply(ticket: number, answer: Answer): void {
    const slot = this.#slots.get(ticket);
    if (slot === undefined) return;
    this.#slots.delete(ticket);
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

  #onAsked(slot: Slot, request: Request, snapshot: Uint8Array | undefined): void {
    const ticket = ++this.#tickets;
    this.#slots.set(ticket, slot);
    this.#handler.onAsked(ticket, request, snapshot);
  }

  #onInboundGone(gone: Inbound, reason: string | undefined): void {
    this.#inbound.delete(gone);
    for (const [ticket, { connection }] of this.#slots) if (connection === gone) this.#slots.delete(ticket);
    if (reason !== undefined) this.#handler.onRefused(reason);
    const { leader } = gone;
    for (const connection of this.#inbound) if (connection.leader === leader) return;
    if (leader !== '') this.#handler.onGone(leader);
  }
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
