// The port on which servers are called: the first byte of a connection says what it is for.
// Upstream: agent/consul/rpc.go (listen, handleConn, handleMultiplexV2).

import {
  type Endpoint,
  endpointText,
  type Listener,
  type NetworkError,
  type NetworkStream,
  type Result,
  type Runtime,
  type Stream,
  type StreamHandler,
  type Timer,
} from '@reeve/runtime';
import { Clients } from '../clients/clients.ts';
import { PortBudget } from './client-budget.ts';
import { connectionTypes } from './connection-type.ts';
import { CountedStream } from './counted-stream.ts';
import { type ServeCall, ServedStream } from './net-rpc/served-stream.ts';
import { YamuxSession } from './yamux/yamux-session.ts';

/** Who takes over a connection, by what it is for. */
export interface PortHandlers {
  readonly serve: ServeCall;
  /** Takes a raft connection over; its first byte is gone. */
  readonly acceptRaft: (stream: NetworkStream) => StreamHandler;
  /** Takes the connection of a snapshot over; its first byte is gone. */
  readonly acceptSnapshot: (stream: NetworkStream) => StreamHandler;
}

/** What operators can set. */
export interface PortLimits {
  /** `limits.rpc_handshake_timeout`: so long a connection may be silent at first. */
  readonly handshakeTimeoutMs: number;
  /** `limits.rpc_max_conns_per_client`: connections from one address. */
  readonly connectionsPerClientMax: number;
}

/**
 * Listens at `at`; `done` has the listener or why there is none. Closing it closes what it accepted, too: or
 * a server that has stopped would live on until others hang up.
 */
export function listenForCalls(
  runtime: Runtime,
  at: Endpoint,
  handlers: PortHandlers,
  limits: PortLimits,
  done: (result: Result<Listener, NetworkError>) => void,
): void {
  const budget = new PortBudget();
  const clients = new Clients(limits.connectionsPerClientMax, () => budget.forClient());
  const open = new Map<Stream, PortConnection>();
  const accept = (stream: NetworkStream): StreamHandler => {
    const client = clients.admit(stream.remote.host);
    if (client === undefined) {
      const from = endpointText(stream.remote);
      runtime.log('err', `consul.rpc: rejecting ${from}: too many connections from there`);
      stream.destroy();
      return goneHandler;
    }
    const counted = new CountedStream(stream, runtime.timers, client.budget, () => {
      open.delete(stream);
      client.leave();
    });
    const connection = new PortConnection(runtime, counted, handlers, limits);
    open.set(stream, connection);
    return connection;
  };
  const onListening = (result: Result<Listener, NetworkError>): void => {
    if (!result.ok) return done(result);
    const listener = result.value;
    const close = (): void => {
      listener.close();
      for (const connection of open.values()) connection.close();
    };
    done({ ok: true, value: { local: listener.local, close } });
  };
  runtime.network.listen(at, accept, onListening, (error) => {
    runtime.log('err', `consul.rpc: failed to accept RPC conn: ${error.message}`);
  });
}

/**
 * A connection until its first byte, and what relays to its handler afterwards. Who does not take what we
 * answer is not listened to meanwhile: questions cost less than answers.
 */
class PortConnection implements StreamHandler {
  readonly #runtime: Runtime;
  readonly #stream: CountedStream;
  readonly #handlers: PortHandlers;
  readonly #timer: Timer;
  #handler: StreamHandler | undefined;

  constructor(runtime: Runtime, stream: CountedStream, handlers: PortHandlers, limits: PortLimits) {
    this.#runtime = runtime;
    this.#stream = stream;
    this.#handlers = handlers;
    this.#timer = runtime.timers.after(limits.handshakeTimeoutMs, () => {
      this.#refuse('failed to read byte', 'no first byte in time');
    });
  }

  onData(chunk: Uint8Array): void {
    this.#take(chunk);
    if (this.#stream.isFull) this.#stream.pause();
  }

  onDrain(): void {
    this.#stream.onTaken();
    this.#stream.resume();
    this.#handler?.onDrain?.();
  }

  #take(chunk: Uint8Array): void {
    if (this.#handler !== undefined) return this.#handler.onData(chunk);
    const [type] = chunk;
    if (type === undefined) return;
    this.#timer.cancel();
    this.#handler = this.#handlerOf(type);
    if (this.#handler === undefined) return this.#refuse('unrecognized RPC byte', `byte ${type}`);
    if (chunk.length > 1) this.#handler.onData(chunk.subarray(1));
  }

  onEnd(): void {
    if (this.#handler !== undefined) this.#handler.onEnd();
    else this.#drop();
  }

  onClosed(error?: NetworkError): void {
    this.#timer.cancel();
    this.#stream.release();
    this.#handler?.onClosed(error);
  }

  /** Hangs up; whoever serves it hears that it is gone. */
  close(): void {
    this.onClosed();
    this.#stream.destroy();
  }

  #handlerOf(type: number): StreamHandler | undefined {
    const { serve, acceptRaft, acceptSnapshot } = this.#handlers;
    switch (type) {
      case connectionTypes.single:
        return new ServedStream(this.#stream, serve, this.#runtime, this.#stream.budget.requests);
      case connectionTypes.multiplexed:
        return this.#acceptMultiplexed();
      case connectionTypes.raft:
        return acceptRaft(this.#stream);
      case connectionTypes.snapshot:
        return acceptSnapshot(this.#stream);
      default:
        return undefined;
    }
  }

  #acceptMultiplexed(): StreamHandler {
    const { budget } = this.#stream;
    return new YamuxSession({
      runtime: this.#runtime,
      side: 'accepted',
      connect: () => this.#stream,
      limits: {
        hasRoom: () => this.#stream.hasRoom,
        takesStream: () => !budget.streams.isExceeded,
        onStreams: (more) => budget.streams.change(more),
        onUnsent: (bytes) => budget.answers.change(bytes),
      },
      accept: (stream) => new ServedStream(stream, this.#handlers.serve, this.#runtime, budget.requests),
      onClosed: () => {},
    });
  }

  #refuse(what: string, why: string): void {
    this.#runtime.log('err', `consul.rpc: ${what}: conn=${endpointText(this.#stream.remote)} error="${why}"`);
    this.#drop();
  }

  #drop(): void {
    this.#timer.cancel();
    this.#handler = goneHandler;
    this.#stream.destroy();
  }
}

/** Nobody listens to a connection that was refused. */
const goneHandler: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };
