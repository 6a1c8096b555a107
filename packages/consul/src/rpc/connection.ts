// The connection to one server: yamux, and the streams on it that are free for the next call.
// Upstream: agent/pool/conn.go, pool.go.

import type { Endpoint, Runtime, StreamHandler, Timer } from '@reeve/runtime';
import { connectionTypes } from './connection-type.ts';
import { CallingStream, ConnectionLost, type OnReply } from './net-rpc/calling-stream.ts';
import type { RequestHeader } from './net-rpc/headers.ts';
import { YamuxSession } from './yamux/yamux-session.ts';

/** A call that was not answered, or answered with an error; the text is what users see. */
export class CallError extends Error {
  override name = 'CallError';
  /** No answer came: what only reads may be asked again. */
  readonly isConnectionLost: boolean;
  /** The server may have had the request: what changes something must not be asked again. */
  readonly wasSent: boolean;

  constructor(text: string, cause: Error, wasSent: boolean) {
    super(`${text}: ${cause.message}`, { cause });
    this.isConnectionLost = cause instanceof ConnectionLost;
    this.wasSent = wasSent;
  }
}

/** A connection to a server, dialled when it is made. Calls may be made before it is there. */
export class Connection {
  readonly #runtime: Runtime;
  readonly #session: YamuxSession;
  readonly #onOver: () => void;
  /** Streams for further calls; the last one used is the first to be used again. */
  readonly #idle: CallingStream[] = [];
  #callsUnderWay = 0;
  #idleTimer: Timer | undefined;
  #isThere = false;

  /** @param onOver the connection is of no more use; calls under way have heard it by then. */
  constructor(runtime: Runtime, server: Endpoint, onOver: () => void) {
    this.#runtime = runtime;
    this.#onOver = onOver;
    this.#session = new YamuxSession({
      runtime,
      side: 'dialled',
      connect: (handler) => {
        const stream = runtime.network.dial(server, dialTimeoutMs, handler);
        stream.write(Uint8Array.of(connectionTypes.multiplexed));
        return stream;
      },
      onOpen: () => {
        this.#isThere = true;
      },
      accept: () => refuseStream,
      onClosed: () => this.#over(),
    });
  }

  /** See `ConnectionPool.call`. */
  call(request: RequestHeader, body: Uint8Array, onReply: OnReply): () => void {
    const stream = this.#takeIdle() ?? this.#openStream();
    if (stream === undefined) {
      const error = new CallError(noStream, new ConnectionLost(), false);
      const timer = this.#runtime.timers.after(0, () => onReply({ ok: false, error }));
      return () => timer.cancel();
    }
    this.#callsUnderWay++;
    this.#idleTimer?.cancel();
    stream.call(request, body, (reply) => {
      this.#release(stream);
      onReply(reply.ok ? reply : { ok: false, error: this.#errorOf(reply.error) });
    });
    return () => {
      stream.destroy();
      this.#release(stream);
    };
  }

  /** Drops the connection; calls under way are not answered. */
  destroy(): void {
    this.#idleTimer?.cancel();
    this.#session.destroy();
  }

  /** The one used last that the server has not closed meanwhile. */
  #takeIdle(): CallingStream | undefined {
    let stream = this.#idle.pop();
    while (stream !== undefined && !stream.isIdle) stream = this.#idle.pop();
    return stream;
  }

  #openStream(): CallingStream | undefined {
    const calling = new CallingStream();
    const stream = this.#session.open(calling);
    if (stream === undefined) return undefined;
    calling.use(stream);
    return calling;
  }

  #release(stream: CallingStream): void {
    this.#callsUnderWay--;
    if (stream.isIdle && this.#idle.length < idleStreamsMax) this.#idle.push(stream);
    else stream.destroy();
    if (this.#callsUnderWay > 0) return;
    this.#idleTimer = this.#runtime.timers.after(idleMs, () => {
      this.destroy();
      this.#over();
    });
  }

  #errorOf(cause: Error): CallError {
    if (this.#isThere || !(cause instanceof ConnectionLost)) {
      return new CallError('rpc error making call', cause, true);
    }
    const { cause: dialling } = cause;
    const reason =
      dialling instanceof Error ? `failed to get conn: ${dialling.message}` : 'failed to get conn';
    const lost = new ConnectionLost(reason, { cause: dialling });
    return new CallError('rpc error getting client', lost, false);
  }

  #over(): void {
    this.#idleTimer?.cancel();
    this.#onOver();
  }
}

const noStream = 'rpc error getting client: failed to start stream';

/** Servers open no streams towards those who call them. */
const refuseStream: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };

/** As upstream (defaultDialTimeout). */
const dialTimeoutMs = 10_000;
/** Streams kept for later calls, as upstream's servers do. */
const idleStreamsMax = 64;
/** A connection without calls is closed after so long, as upstream (clientRPCConnMaxIdle). */
const idleMs = 127_000;
