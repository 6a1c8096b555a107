// Statsd: metrics in datagrams. Nobody confirms them; all we ever hear is that nobody listens.
// Upstream: go-metrics statsd.go. Next: metric-outlet.ts.

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { parseHostPort } from '../host-port.ts';
import type { MetricConnection, MetricServer } from './metric-outlet.ts';

/** The statsd server at `host:port`. */
export function connectStatsd(address: string): MetricServer {
  return {
    kind: 'statsd',
    batchBytesMax: packetBytesMax,
    async connect(onLost) {
      const { host, port } = parseHostPort(address);
      const server = await lookup(host === '' ? 'localhost' : host);
      const socket = createSocket(server.family === 6 ? 'udp6' : 'udp4').unref();
      try {
        socket.connect(port, server.address);
        await once(socket, 'connect');
      } catch (error) {
        socket.close();
        throw error;
      }
      return new StatsdConnection(socket, onLost);
    },
  };
}

class StatsdConnection implements MetricConnection {
  readonly #socket: Socket;
  #isOpen = true;

  constructor(socket: Socket, onLost: (error: Error) => void) {
    this.#socket = socket;
    socket.on('error', (error) => {
      if (!this.#isOpen) return; // of a packet sent before the first error
      void this.close();
      onLost(error);
    });
  }

  send(batch: Uint8Array): void {
    if (this.#isOpen) this.#socket.send(batch);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

/** So that a packet with its headers passes everywhere in one piece. */
const packetBytesMax = 1400;
