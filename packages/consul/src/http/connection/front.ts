// Where HTTP listens: connections in, as many of each client as it may have. Upstream: agent/agent.go
// (listenHTTP), connlimit. Next: connection.ts.

import type { Listener, NetworkError, NetworkStream, Result, Runtime, StreamHandler } from '@reeve/runtime';
import { Clients } from '../../clients/clients.ts';
import { type ClientBudget, HttpBudget } from './client-budget.ts';
import { HttpConnection } from './connection.ts';
import { type HttpService, newHttpService, type Respond } from './service.ts';

/** Listens for connections, at an address or at a path. */
export type Listen = (
  accept: (stream: NetworkStream) => StreamHandler,
  done: (result: Result<Pick<Listener, 'close'>, NetworkError>) => void,
) => void;

/** What a server of HTTP is made of. */
export interface HttpFrontParts {
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly respond: Respond;
  /** `limits.http_max_conns_per_client`: a further one is closed without a word. */
  readonly connectionsPerClientMax: number;
}

/** A server that listens. */
export class HttpFront {
  readonly #parts: HttpFrontParts;
  readonly #service: HttpService;
  readonly #clients: Clients<ClientBudget>;
  /** Bounded by what each client may have. */
  readonly #connections = new Set<HttpConnection>();
  #listener: Pick<Listener, 'close'> | undefined;
  #onEmpty: (() => void) | undefined;

  /** Starts one; rejects if it cannot listen. */
  static start(parts: HttpFrontParts, listen: Listen): Promise<HttpFront> {
    const front = new HttpFront(parts);
    return new Promise((resolve, reject) => {
      listen(
        (stream) => front.#accept(stream),
        (result) => {
          if (!result.ok) return reject(result.error);
          front.#listener = result.value;
          resolve(front);
        },
      );
    });
  }

  private constructor(parts: HttpFrontParts) {
    this.#parts = parts;
    const budget = new HttpBudget();
    this.#clients = new Clients(parts.connectionsPerClientMax, () => budget.forClient());
    this.#service = newHttpService(parts.runtime, parts.respond);
  }

  /** From now on a client may have so many; those that it has stay. */
  limit(connectionsPerClientMax: number): void {
    this.#clients.connectionsMax = connectionsPerClientMax;
  }

  /** Takes no further connections. Answers under way get half a second, then connections are dropped. */
  close(): Promise<void> {
    this.#listener?.close();
    for (const connection of this.#connections) if (connection.isIdle) connection.destroy();
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = this.#parts.runtime.timers.after(lastAnswersMs, () => {
        for (const connection of this.#connections) connection.destroy();
      });
      this.#onEmpty = () => {
        limit.cancel();
        resolve();
      };
    });
  }

  #accept(stream: NetworkStream): StreamHandler {
    const client = this.#clients.admit(stream.remote.host);
    if (client === undefined) {
      stream.destroy();
      return nobody;
    }
    const connection = new HttpConnection(this.#service, stream, client.budget, () => {
      client.leave();
      this.#connections.delete(connection);
      if (this.#connections.size === 0) this.#onEmpty?.();
    });
    this.#connections.add(connection);
    return connection;
  }
}

const nobody: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };

/** So long the original waits, too: agent/agent.go (ShutdownEndpoints). */
const lastAnswersMs = 500;
