// One connection to our HTTP server without a socket: bytes in, bytes out, time as a test wants it.

import { setImmediate } from 'node:timers/promises';
import type { NetworkStream } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { HttpBudget } from '../../dist/http/connection/client-budget.js';
import { HttpConnection } from '../../dist/http/connection/connection.js';
import { type HttpService, newHttpService, type Respond } from '../../dist/http/connection/service.js';
import { json } from '../../dist/http/response.js';

/** A client that looks at every byte. */
export class HttpClient {
  /** All that was answered. Dates are `now`. */
  received = '';
  /** How many writes that took. */
  writes = 0;
  /** What was written last. */
  written: Uint8Array | undefined;
  /** The server sends no more. */
  hasEnded = false;
  /** The server has dropped the connection. */
  isDropped = false;
  /** The server does not read. */
  isPaused = false;
  /** The connection is over for the server. */
  isGone = false;
  /** Whether the network has no room for answers. */
  isFull = false;
  readonly connection: HttpConnection;
  readonly #world = new VirtualWorld({ seed: 1 });
  readonly #service: HttpService;

  /** @param beside another client of the same server */
  constructor(respond: Respond = echo, memory = new HttpBudget().forClient(), beside?: HttpClient) {
    const { runtime } = this.#world.host('10.0.0.1');
    this.#service = beside === undefined ? newHttpService(runtime, respond) : beside.#service;
    this.connection = new HttpConnection(this.#service, this.#stream(), memory, () => {
      this.isGone = true;
    });
  }

  /** Sends bytes, or characters that stand for them, and lets the server work. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    this.connection.onData(new Uint8Array(bytes));
    await this.settle();
  }

  /** Says that nothing more comes. */
  async end(): Promise<void> {
    this.connection.onEnd();
    await this.settle();
  }

  /** Reads what has been sent. */
  async drain(): Promise<void> {
    this.isFull = false;
    this.connection.onDrain();
    await this.settle();
  }

  async pass(ms: number): Promise<void> {
    this.#world.run(ms);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await setImmediate();
  }

  #stream(): NetworkStream {
    const client = this;
    return {
      remote: { host: '10.0.0.2', port: 40_000 },
      get isFull() {
        return client.isFull;
      },
      write(bytes) {
        client.writes++;
        client.written = bytes;
        client.received += Buffer.from(bytes)
          .toString('latin1')
          .replace(/^Date: .*$/m, 'Date: now');
      },
      writeAll(pieces) {
        this.write(Buffer.concat(pieces));
      },
      end: () => {
        client.hasEnded = true;
      },
      destroy: () => {
        client.isDropped = true;
      },
      pause: () => {
        client.isPaused = true;
      },
      resume: () => {
        client.isPaused = false;
      },
    };
  }
}

/** Answers with what it was asked. */
const echo: Respond = async (request) => {
  try {
    const body = Buffer.from(await request.body(1_000)).toString('latin1');
    return json(JSON.stringify([request.method, request.path, body]));
  } catch (error) {
    return json(JSON.stringify((error as Error).message), [], 500);
  }
};

/** How an answer without further headers looks. */
export function answer(body: string, connection = ''): string {
  const close = connection === '' ? '' : `Connection: ${connection}\r\n`;
  const head = `Content-Type: application/json\r\nDate: now\r\nContent-Length: ${body.length}\r\n${close}`;
  return `HTTP/1.1 200 OK\r\n${head}\r\n${body}`;
}
