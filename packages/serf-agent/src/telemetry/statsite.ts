// Statsite: metrics over a stream. A server that takes them too slowly loses some; the agent waits for
// nobody. Upstream: go-metrics statsite.go. Next: metric-outlet.ts.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseHostPort } from '../host-port.ts';
import type { MetricConnection, MetricServer } from './metric-outlet.ts';

/** The statsite server at `host:port`. */
export function connectStatsite(address: string): MetricServer {
  return {
    kind: 'statsite',
    batchBytesMax,
    async connect(onLost) {
      const { host, port } = parseHostPort(address);
      const socket = connect({ host: host === '' ? 'localhost' : host, port }).unref();
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
      } catch (error) {
        socket.destroy();
        throw error;
      }
      return new StatsiteConnection(socket, onLost);
    },
  };
}

class StatsiteConnection implements MetricConnection {
  readonly #socket: Socket;
  #isEnding = false;

  constructor(socket: Socket, onLost: (error: Error) => void) {
    this.#socket = socket;
    let reason = new Error('closed by the server');
    socket.on('error', (error) => {
      reason = error;
    });
    socket.on('close', () => {
      if (!this.#isEnding) onLost(reason);
    });
    socket.resume(); // it has nothing to say, but we want to hear it go
  }

  send(batch: Uint8Array): void {
    if (this.#socket.writableLength < waitingBytesMax) this.#socket.write(batch);
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    if (this.#socket.destroyed) return;
    const tooLate = setTimeout(() => this.#socket.destroy(), closeMs);
    this.#socket.ref().end();
    await once(this.#socket, 'close').catch(() => {}); // a failure now changes nothing
    clearTimeout(tooLate);
  }
}

const batchBytesMax = 64 * 1024;
const waitingBytesMax = 1024 * 1024;
const connectMs = 10_000;
const closeMs = 1_000;
