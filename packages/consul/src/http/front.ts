// Where HTTP listens: connections in, as many of each client as it may have. Upstream: agent/agent.go
// (listenHTTP), connlimit. Next: connection.ts.

import type { Listener, NetworkError, NetworkStream, Result, Runtime, StreamHandler } from '@reeve/runtime';
import { type ClientMemory, HttpMemory } from './client-memory.ts';
import { HttpConnection, type HttpService, type Respond } from './connection.ts';
import { DateHeader } from './wire/response-head.ts';

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
  /** By the address of the client. Bounded by connectionsPerClientMax for each. */
  readonly #clients = new Map<string, Client>();
  readonly #memory = new HttpMemory();
  #connectionsPerClientMax: number;
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
    this.#connectionsPerClientMax = parts.connectionsPerClientMax;
    this.#service = { runtime: parts.runtime, respond: parts.respond, dates: new DateHeader() };
  }

  /** From now on a client may have so many; those that it has stay. */
  limit(connectionsPerClientMax: number): void {
    this.#connectionsPerClientMax = connectionsPerClientMax;
  }

  /** Takes no further connections. Answers under way get half a second, then connections are dropped. */
  close(): Promise<void> {
    this.#listener?.close();
    for (const connection of this.#connections()) if (connection.isIdle) connection.destroy();
    if (this.#clients.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = this.#parts.runtime.timers.after(lastAnswersMs, () => {
        for (const connection of this.#connections()) connection.destroy();
      });
      this.#onEmpty = () => {
        limit.cancel();
        resolve();
      };
    });
  }

  #accept(stream: NetworkStream): StreamHandler {
    const { host } = stream.remote;
    const client = this.#clients.get(host) ?? { connections: new Set(), memory: this.#memory.forClient() };
    const { connections } = client;
    if (connections.size >= this.#connectionsPerClientMax) {
      stream.destroy();
      return nobody;
    }
    const connection = new HttpConnection(this.#service, stream, client.memory, () => {
      connections.delete(connection);
      if (connections.size === 0) this.#clients.delete(host);
      if (this.#clients.size === 0) this.#onEmpty?.();
    });
    connections.add(connection);
    this.#clients.set(host, client);
    return connection;
  }

  #connections(): readonly HttpConnection[] {
    return [...this.#clients.values()].flatMap(({ connections }) => [...connections]);
  }
}

interface Client {
  readonly connections: Set<HttpConnection>;
  readonly memory: ClientMemory;
}

const nobody: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };

/** So long the original waits, too: agent/agent.go (ShutdownEndpoints). */
const lastAnswersMs = 500;
