// The server port listens before the server is there: a server's address is part of what it is made of, and
// the system chooses a port that is 0. Who connects in between is turned away and comes again.

import type { Endpoint, Listener, NetworkStream, Runtime, Stream, StreamHandler } from '@reeve/runtime';
import type { ServeCall } from '../rpc/net-rpc/served-stream.ts';
import { listenForCalls, type PortLimits } from '../rpc/server-port.ts';

/** A port whose server comes later. */
export class LatePort {
  readonly #runtime: Runtime;
  readonly #limits: PortLimits;
  #serve: ServeCall = (_call, answer) => {
    answer({ ok: false, error: new Error('the server is starting') });
    return () => {};
  };
  #acceptRaft: (stream: NetworkStream) => StreamHandler = turnAway;
  #acceptSnapshot: (stream: NetworkStream) => StreamHandler = turnAway;

  constructor(runtime: Runtime, limits: PortLimits) {
    this.#runtime = runtime;
    this.#limits = limits;
  }

  /** Listens; rejects if that is impossible. */
  listen(at: Endpoint): Promise<Listener> {
    const handlers = {
      serve: (...call: Parameters<ServeCall>) => this.#serve(...call),
      acceptRaft: (stream: NetworkStream) => this.#acceptRaft(stream),
      acceptSnapshot: (stream: NetworkStream) => this.#acceptSnapshot(stream),
    };
    return new Promise((resolve, reject) => {
      listenForCalls(this.#runtime, at, handlers, this.#limits, (result) => {
        if (result.ok) resolve(result.value);
        else reject(new Error(`Failed to start RPC layer: ${result.error.message}`, { cause: result.error }));
      });
    });
  }

  /** The server is there. */
  serve(
    serve: ServeCall,
    acceptRaft: (stream: NetworkStream) => StreamHandler,
    acceptSnapshot: (stream: NetworkStream) => StreamHandler,
  ): void {
    this.#serve = serve;
    this.#acceptRaft = acceptRaft;
    this.#acceptSnapshot = acceptSnapshot;
  }
}

function turnAway(stream: Stream): StreamHandler {
  stream.destroy();
  return { onData() {}, onEnd() {}, onClosed() {} };
}
