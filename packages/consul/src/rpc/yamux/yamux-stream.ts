// One stream of a session: the two windows, and which directions have ended.
// What arrives is handed on at once, so a window is given back as soon as half of it is used.

import { DecodeError } from '@reeve/bytes';
import type { Endpoint, NetworkError, Stream, StreamHandler } from '@reeve/runtime';
import { flagAck, flagFin, flagRst, type flagSyn } from './frame.ts';
import { windowBytes } from './limits.ts';

/** What a stream needs of its session. */
export interface StreamSession {
  readonly remote: Endpoint;
  sendData(streamId: number, payload: Uint8Array): void;
  sendWindowUpdate(streamId: number, flags: number, growth: number): void;
  /** Bytes that begin to wait for a window, or (negative) no longer do. */
  countUnsent(bytes: number): void;
  /** Calls at once, or later when less waits for windows; not after `forget`. */
  whenRoom(streamId: number, call: () => void): void;
  /** Nothing more is to come or to go on this stream. */
  forget(streamId: number): void;
  /** Calls after the present turn, unless the session is closed by then. */
  soon(call: () => void): void;
}

/** A stream, as the runtime's streams are. */
export class YamuxStream implements Stream {
  readonly #session: StreamSession;
  readonly #id: number;
  #handler: StreamHandler;
  #sendWindow = windowBytes;
  /** What the other side may still send. */
  #receiveWindow = windowBytes;
  /** Written, waiting for the window, oldest first. */
  readonly #unsent: Uint8Array[] = [];
  #local: 'open' | 'ending' | 'ended' = 'open';
  #remoteEnded = false;
  #closed = false;

  constructor(session: StreamSession, id: number, handler: StreamHandler) {
    this.#session = session;
    this.#id = id;
    this.#handler = handler;
  }

  get remote(): Endpoint {
    return this.#session.remote;
  }

  /** More has been written than the other side lets us send so far; `onDrain` tells when all has gone. */
  get isFull(): boolean {
    return this.#unsent.length > 0;
  }

  /** Calls at once, or when there is room on the connection for what is to be written. */
  whenRoom(call: () => void): void {
    this.#session.whenRoom(this.#id, call);
  }

  write(bytes: Uint8Array): void {
    if (this.#local !== 'open' || this.#closed || bytes.length === 0) return;
    this.#unsent.push(bytes);
    this.#session.countUnsent(bytes.length);
    this.#flush();
  }

  end(): void {
    if (this.#local !== 'open' || this.#closed) return;
    this.#local = 'ending';
    this.#flush();
  }

  destroy(): void {
    if (this.#closed) return;
    this.#session.sendWindowUpdate(this.#id, flagRst, 0);
    this.#close();
  }

  /** Who listens from now on; for an accepted stream, whose handler needs the stream. */
  listen(handler: StreamHandler): void {
    this.#handler = handler;
  }

  /** Tells the other side that the stream exists: `flagSyn` asks for it, `flagAck` accepts it. */
  announce(flag: typeof flagSyn | typeof flagAck): void {
    this.#session.sendWindowUpdate(this.#id, flag, 0);
  }

  /** A header that names this stream. Throws the `DecodeError` of one that breaks the rules. */
  onHeader(flags: number, windowGrowth: number, payloadBytes: number): void {
    if (payloadBytes > this.#receiveWindow) {
      throw new DecodeError('limit', `${payloadBytes} bytes for a yamux window of ${this.#receiveWindow}`);
    }
    if (payloadBytes > 0 && this.#remoteEnded) {
      throw new DecodeError('malformed', 'data on a yamux stream that has ended');
    }
    this.#receiveWindow -= payloadBytes;
    const wasFull = this.isFull;
    this.#sendWindow += windowGrowth;
    if (this.#sendWindow > 0xffff_ffff) throw new DecodeError('limit', 'a yamux window beyond 2^32');
    if ((flags & flagAck) !== 0) this.#handler.onOpen?.();
    this.#flush();
    if (wasFull && !this.isFull) this.#handler.onDrain?.();
  }

  /** A piece of what the other side has sent. */
  onPayload(piece: Uint8Array): void {
    if (!this.#closed) this.#handler.onData(piece);
  }

  /** The frame is complete; its flags say whether the stream is. */
  onFrameEnd(flags: number): void {
    if ((flags & flagRst) !== 0) return this.fail(undefined);
    if ((flags & flagFin) !== 0) return this.#onRemoteEnd();
    const taken = windowBytes - this.#receiveWindow;
    if (taken < windowBytes / 2 || this.#closed) return;
    this.#receiveWindow = windowBytes;
    this.#session.sendWindowUpdate(this.#id, 0, taken);
  }

  /** The connection is gone, or the other side has dropped this stream. */
  fail(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#close();
    this.#handler.onClosed(error);
  }

  #onRemoteEnd(): void {
    if (this.#remoteEnded) throw new DecodeError('malformed', 'a yamux stream ended twice');
    this.#remoteEnded = true;
    if (this.#closed) return;
    this.#handler.onEnd();
    if (this.#areBothEnded()) this.fail(undefined);
  }

  #flush(): void {
    while (this.#sendWindow > 0) {
      const next = this.#unsent[0];
      if (next === undefined) break;
      const piece = next.subarray(0, this.#sendWindow);
      if (piece.length === next.length) this.#unsent.shift();
      else this.#unsent[0] = next.subarray(piece.length);
      this.#sendWindow -= piece.length;
      this.#session.countUnsent(-piece.length);
      this.#session.sendData(this.#id, piece);
    }
    if (this.#local !== 'ending' || this.#unsent.length > 0) return;
    this.#local = 'ended';
    this.#session.sendWindowUpdate(this.#id, flagFin, 0);
    if (this.#areBothEnded()) this.#session.soon(() => this.fail(undefined));
  }

  #areBothEnded(): boolean {
    return this.#local === 'ended' && this.#remoteEnded;
  }

  #close(): void {
    this.#closed = true;
    for (const bytes of this.#unsent.splice(0)) this.#session.countUnsent(-bytes.length);
    this.#session.forget(this.#id);
  }
}
