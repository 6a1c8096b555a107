// A connection on which another server asks us. Upstream: hashicorp/raft net_transport.go (handleConn).
//
// Questions may come before earlier ones are answered; answers leave in the order of the questions, whatever
// order they become ready in.

import { concatBytes, DecodeError } from '@reeve/bytes';
import type { Stream, StreamHandler } from '@reeve/runtime';
import {
  encodeRefusal,
  type InstallSnapshot,
  type Request,
  readRequest,
  unsupportedProtocol,
} from '../core/index.ts';
import { MessageBuffer } from './message-buffer.ts';

/** Takes what is asked, and hears when a connection is no more. */
export interface InboundHandler {
  /** A whole question; the answer goes to `slot`. */
  onAsked(slot: Slot, request: Request, snapshot: Uint8Array | undefined): void;
  /** The connection is gone, with a reason if it was not the other side's wish. */
  onGone(connection: Inbound, reason: string | undefined): void;
}

/** Where an answer goes. */
export interface Slot {
  readonly connection: Inbound;
  /** Undefined until there is one. */
  answer: Uint8Array | undefined;
}

/** One such connection. */
export class Inbound implements StreamHandler {
  /** The leader that speaks here; empty until one has. */
  leader = '';
  readonly #stream: Stream;
  readonly #handler: InboundHandler;
  readonly #snapshotBytesMax: number;
  readonly #buffer = new MessageBuffer(requestBytesMax);
  /** Questions without an answer that has left, oldest first. Bounded by `slotsMax`. */
  readonly #slots: Slot[] = [];
  /** A snapshot of which bytes are missing. Bounded by `snapshotBytesMax`. */
  #snapshot: IncomingSnapshot | undefined;
  #isGone = false;

  constructor(stream: Stream, handler: InboundHandler, snapshotBytesMax: number) {
    this.#stream = stream;
    this.#handler = handler;
    this.#snapshotBytesMax = snapshotBytesMax;
  }

  onData(chunk: Uint8Array): void {
    this.#buffer.push(chunk);
    try {
      while (!this.#isGone && this.#buffer.length > 0 && this.#readNext());
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#stream.destroy();
      this.#leave(`failed to decode incoming command: ${error.message}`);
    }
  }

  onEnd(): void {
    this.#stream.end();
    this.#leave(undefined);
  }

  onClosed(): void {
    this.#leave(undefined);
  }

  /** Sends the answers whose turn it is. */
  flush(): void {
    let answer = this.#slots[0]?.answer;
    while (answer !== undefined && !this.#isGone) {
      this.#stream.write(answer);
      this.#slots.shift();
      answer = this.#slots[0]?.answer;
    }
  }

  /** Drops the connection without a word. */
  close(): void {
    this.#isGone = true;
    this.#stream.destroy();
  }

  /** False when more has to arrive first. */
  #readNext(): boolean {
    if (this.#snapshot !== undefined) return this.#readSnapshot(this.#snapshot);
    const read = this.#buffer.read(readRequest);
    if (read === undefined) return false;
    const request = read.message;
    if (request?.kind === 'install-snapshot') this.#beginSnapshot(request);
    else this.#ask(request, undefined);
    return true;
  }

  #beginSnapshot(request: InstallSnapshot): void {
    const { sizeBytes } = request.snapshot;
    if (sizeBytes > this.#snapshotBytesMax)
      throw new DecodeError(
        'limit',
        `a snapshot of ${sizeBytes} bytes, the limit is ${this.#snapshotBytesMax}`,
      );
    this.#snapshot = { request, pieces: [], missing: sizeBytes };
    if (sizeBytes === 0) this.#endSnapshot(request, []);
  }

  /** Memory is taken as bytes arrive, not as they are announced. */
  #readSnapshot({ request, pieces, missing }: IncomingSnapshot): boolean {
    const piece = this.#buffer.take(missing);
    pieces.push(piece);
    this.#snapshot = { request, pieces, missing: missing - piece.length };
    if (missing === piece.length) this.#endSnapshot(request, pieces);
    return true;
  }

  #endSnapshot(request: InstallSnapshot, pieces: readonly Uint8Array[]): void {
    this.#snapshot = undefined;
    this.#ask(request, concatBytes(pieces));
  }

  #ask(request: Request | undefined, snapshot: Uint8Array | undefined): void {
    if (this.#slots.length >= slotsMax)
      throw new DecodeError('limit', `more than ${slotsMax} open questions`);
    const slot: Slot = { connection: this, answer: undefined };
    this.#slots.push(slot);
    if (request === undefined) {
      slot.answer = encodeRefusal(unsupportedProtocol);
      return this.flush();
    }
    if ('leader' in request) this.leader = request.leader;
    this.#handler.onAsked(slot, request, snapshot);
  }

  #leave(reason: string | undefined): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#handler.onGone(this, reason);
  }
}

interface IncomingSnapshot {
  readonly request: InstallSnapshot;
  readonly pieces: Uint8Array[];
  /** How many bytes are still to come. */
  readonly missing: number;
}

/** 64 entries of Consul's largest, 512 KiB and what is around it, are some 33 MiB. */
const requestBytesMax = 40 << 20;
/** Upstream's leader has 128 under way at most. */
const slotsMax = 1_024;
