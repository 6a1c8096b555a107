// A connection on which another server asks us. Upstream: hashicorp/raft net_transport.go (handleConn).
//
// Questions may come before earlier ones are answered; answers leave in the order of the questions, whatever
// order they become ready in. Anybody can connect, and says who he is himself: so little is held of a
// connection, and not for long. While as much is unanswered as may be, or a piece of a snapshot is being
// kept, nothing is read. Next: receive-budget.ts (all connections of a client together).

import { DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import {
  endpointText,
  type NetworkStream,
  type StreamHandler,
  type Timer,
  type Timers,
} from '@reeve/runtime';
import {
  encodeRefusal,
  type InstallSnapshot,
  type Request,
  readRequest,
  unsupportedProtocol,
} from '../core/index.ts';
import type { IncomingSnapshot } from '../storage/incoming-snapshot.ts';

/** Takes what is asked, and hears when a connection is no more. */
export interface InboundHandler {
  /** A whole question; the answer goes to `slot`. */
  onAsked(slot: Slot, request: Request, snapshot: IncomingSnapshot | undefined): void;
  /** A snapshot is to follow. `ready` gets what takes its bytes, later, and once; unless it is refused. */
  onSnapshot(
    connection: Inbound,
    request: InstallSnapshot,
    ready: (incoming: IncomingSnapshot) => void,
  ): void;
  /** More is held for this connection, or (negative) less. False if that is too much. */
  onHeld(connection: Inbound, bytes: number): boolean;
  /** The connection is gone, with a reason if it was not the other side's wish. */
  onGone(connection: Inbound, reason: string | undefined): void;
}

/** Where an answer goes. */
export interface Slot {
  readonly connection: Inbound;
  /** What the question takes of our memory. */
  readonly bytes: number;
  /** Undefined until there is one. */
  answer: Uint8Array | undefined;
}

/** One such connection. */
export class Inbound implements StreamHandler {
  /** The leader that speaks here; empty until one has. */
  leader = '';
  readonly #stream: NetworkStream;
  readonly #handler: InboundHandler;
  readonly #timers: Timers;
  readonly #objects = new MsgpackObjectStream(requestBytesMax, valuesPerRequest);
  /** Questions without an answer that has left, oldest first. Bounded by `slotsMax`. */
  readonly #slots: Slot[] = [];
  #unansweredBytes = 0;
  /** A snapshot of which bytes are missing; they are not kept here. */
  #arriving: Arriving | undefined;
  /** A piece of it is being kept, or it cannot begin yet. */
  #isKeeping = false;
  #isPaused = false;
  #isGoingOn = false;
  #isGone = false;
  /** What the handler has been told. */
  #heldBytes = 0;
  /** Runs out unless something becomes whole. */
  #patience: Timer | undefined;
  #hasProgressed = false;

  constructor(stream: NetworkStream, handler: InboundHandler, timers: Timers) {
    this.#stream = stream;
    this.#handler = handler;
    this.#timers = timers;
  }

  /** Who asks. */
  get host(): string {
    return this.#stream.remote.host;
  }

  /** Who asks, for the log. */
  get from(): string {
    return endpointText(this.#stream.remote);
  }

  onData(chunk: Uint8Array): void {
    if (this.#isGone) return;
    this.#objects.push(chunk);
    this.#goOn();
  }

  onEnd(): void {
    this.#stream.end();
    this.#leave(undefined);
  }

  onClosed(): void {
    this.#leave(undefined);
  }

  /** There is an answer; sends those whose turn it is. */
  flush(): void {
    const before = this.#slots.length;
    for (let slot = this.#slots[0]; slot?.answer !== undefined && !this.#isGone; slot = this.#slots[0]) {
      this.#stream.write(slot.answer);
      this.#slots.shift();
      this.#unansweredBytes -= slot.bytes;
    }
    if (this.#slots.length < before) this.#goOn();
  }

  /** Drops the connection without a word. */
  close(): void {
    this.#isGone = true;
    this.#patience?.cancel();
    this.#arriving?.incoming?.drop();
    this.#stream.destroy();
  }

  /** Drops the connection; the reason is for the log. */
  refuse(reason: string): void {
    this.#stream.destroy();
    this.#leave(reason);
  }

  /**
   * Reads what is there, as far as it may. What is answered at once is gone on from in the loop that is still
   * there: questions must not nest.
   */
  #goOn(): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    try {
      while (!this.#isGone && !this.#isHeldUp && this.#objects.bufferedBytes > 0 && this.#readNext());
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.refuse(`failed to decode incoming command: ${error.message}`);
    } finally {
      this.#isGoingOn = false;
    }
    if (this.#isGone) return;
    this.#hold();
    this.#setFlow();
    this.#watch();
  }

  get #isHeldUp(): boolean {
    return this.#isKeeping || this.#slots.length >= slotsMax || this.#unansweredBytes > unansweredBytesMax;
  }

  /** False when more has to arrive first. */
  #readNext(): boolean {
    if (this.#arriving !== undefined) return this.#readSnapshot(this.#arriving);
    const bytes = this.#objects.nextInPlace();
    if (bytes === undefined) return false;
    this.#hasProgressed = true;
    const request = readRequest(new MsgpackReader(bytes));
    if (request?.kind === 'install-snapshot') this.#beginSnapshot(request, bytes.length);
    else this.#ask(request, bytes.length);
    return true;
  }

  #beginSnapshot(request: InstallSnapshot, requestBytes: number): void {
    const arriving: Arriving = {
      request,
      requestBytes,
      missing: request.snapshot.sizeBytes,
      incoming: undefined,
    };
    this.#arriving = arriving;
    this.#isKeeping = true;
    this.#handler.onSnapshot(this, request, (incoming) => {
      if (this.#isGone) return incoming.drop();
      arriving.incoming = incoming;
      this.#onKept(arriving);
    });
  }

  #readSnapshot(arriving: Arriving): boolean {
    const piece = this.#objects.take(arriving.missing);
    arriving.missing -= piece.length;
    this.#isKeeping = true;
    arriving.incoming?.write(piece, (result) => {
      if (this.#isGone) return;
      if (!result.ok) return this.refuse(`failed to copy snapshot: ${result.error.message}`);
      this.#onKept(arriving);
    });
    return true;
  }

  #onKept({ request, requestBytes, missing, incoming }: Arriving): void {
    this.#isKeeping = false;
    this.#hasProgressed = true;
    if (missing === 0) {
      this.#arriving = undefined;
      this.#ask(request, requestBytes, incoming);
    }
    this.#goOn();
  }

  #ask(request: Request | undefined, bytes: number, snapshot?: IncomingSnapshot): void {
    const slot: Slot = { connection: this, bytes, answer: undefined };
    this.#slots.push(slot);
    this.#unansweredBytes += bytes;
    if (request === undefined) {
      slot.answer = encodeRefusal(unsupportedProtocol);
      return this.flush();
    }
    if ('leader' in request) this.leader = request.leader;
    this.#handler.onAsked(slot, request, snapshot);
  }

  /** What waits for its rest; what waits for an answer the transport counts. */
  #hold(): void {
    const bytes = this.#isGone ? 0 : this.#objects.heldBytes;
    const more = bytes - this.#heldBytes;
    this.#heldBytes = bytes;
    if (more === 0 || this.#handler.onHeld(this, more) || more < 0 || bytes <= alwaysHeldBytes) return;
    this.refuse(`its messages take too much memory, ${bytes} bytes here`);
  }

  #setFlow(): void {
    if (this.#isHeldUp === this.#isPaused || this.#isGone) return;
    this.#isPaused = this.#isHeldUp;
    if (this.#isPaused) this.#stream.pause();
    else this.#stream.resume();
  }

  /** What has begun must end. It is looked at when the time is over, not with every piece. */
  #watch(): void {
    const isPartial = this.#objects.bufferedBytes > 0 || this.#arriving !== undefined;
    if (this.#patience !== undefined || !isPartial || this.#isGone) return;
    this.#hasProgressed = false;
    this.#patience = this.#timers.after(patienceMs, () => {
      this.#patience = undefined;
      const isTheirTurn = !this.#isHeldUp && !this.#hasProgressed;
      const isStillPartial = this.#objects.bufferedBytes > 0 || this.#arriving !== undefined;
      if (isTheirTurn && isStillPartial) this.refuse('a message that does not end');
      else this.#watch();
    });
  }

  #leave(reason: string | undefined): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#patience?.cancel();
    this.#arriving?.incoming?.drop();
    this.#hold();
    this.#handler.onGone(this, reason);
  }
}

interface Arriving {
  readonly request: InstallSnapshot;
  readonly requestBytes: number;
  /** How many bytes are still to come. */
  missing: number;
  /** What takes them; undefined until it is ready. */
  incoming: IncomingSnapshot | undefined;
}

/** A type and a struct. */
const valuesPerRequest = 2;
/** 64 entries of Consul's largest, 512 KiB and what is around it, are some 33 MiB. */
const requestBytesMax = 40 << 20;
/** Upstream's leader has 128 under way at most. */
const slotsMax = 128;
/** Questions wait for a disk; one more may come whole before nothing is read. */
const unansweredBytesMax = 8 << 20;
/** Heartbeats, votes and a few entries are heard whatever others do. */
const alwaysHeldBytes = 65_536;
/** A leader gives up on a message after 10 s. */
const patienceMs = 60_000;
