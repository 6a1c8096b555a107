// One connection to each server, made when it is first needed. Every call has a stream of it to itself, and
// leaves the stream to later calls. Upstream: agent/pool/pool.go.

import { type Endpoint, endpointText, type Runtime } from '@reeve/runtime';
import { Connection } from './connection.ts';
import type { OnReply } from './net-rpc/calling-stream.ts';

/** Connections to servers. There are as many as there are servers: membership bounds them. */
export class ConnectionPool {
  readonly #runtime: Runtime;
  readonly #connections = new Map<string, Connection>();
  #lastSeq = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * Calls a method of a server. `onReply` is called once, never inside this call, with the reply's body or
   * with a `CallError`. No call ends by itself: a waiting query may take ten minutes. What is returned gives
   * the call up; then it is not answered.
   */
  call(server: Endpoint, method: string, body: Uint8Array, onReply: OnReply): () => void {
    this.#lastSeq++;
    return this.#connectionTo(server).call({ method, seq: this.#lastSeq }, body, onReply);
  }

  /** Drops all connections; calls under way are not answered. */
  close(): void {
    for (const connection of this.#connections.values()) connection.destroy();
    this.#connections.clear();
  }

  #connectionTo(server: Endpoint): Connection {
    const key = endpointText(server);
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const connection = new Connection(this.#runtime, server, () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    this.#connections.set(key, connection);
    return connection;
  }
}
