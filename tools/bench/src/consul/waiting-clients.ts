// Many clients that each wait for a change of a key, on a connection of their own.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AnswerReader } from '../load/answer-reader.ts';

/** Clients whose questions are under way. */
export class WaitingClients {
  readonly #sockets: readonly Socket[];
  #told = 0;
  #onAllTold: (atMs: number) => void = () => {};
  #onFailure: (error: Error) => void = () => {};
  readonly #allTold = new Promise<number>((resolve, reject) => {
    this.#onAllTold = resolve;
    this.#onFailure = reject;
  });

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) this.#listen(socket);
    this.#allTold.catch(() => {}); // whoever waits for it hears of it
  }

  /** Connects, a few at a time, and asks. */
  static async ask(host: string, port: number, count: number, request: Uint8Array): Promise<WaitingClients> {
    const sockets: Socket[] = [];
    while (sockets.length < count) {
      const batch = Array.from({ length: Math.min(connectedAtOnce, count - sockets.length) }, () =>
        connect({ host, port, noDelay: true }),
      );
      await Promise.all(batch.map((socket) => once(socket, 'connect')));
      sockets.push(...batch);
    }
    const clients = new WaitingClients(sockets);
    for (const socket of sockets) socket.write(request);
    return clients;
  }

  /** Those that were told already. */
  get told(): number {
    return this.#told;
  }

  /** When the last of them was told. Rejects if one gets no answer, or one that is none. */
  async allTold(): Promise<number> {
    const limit = setTimeout(() => this.#onFailure(new Error(`${this.#told} were told`)), patienceMs);
    try {
      return await this.#allTold;
    } finally {
      clearTimeout(limit);
    }
  }

  /** Hangs up. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(socket: Socket): void {
    const reader = new AnswerReader();
    socket.on('data', (bytes) => {
      if (!reader.onBytes(bytes)) return;
      if (reader.status !== 200) this.#onFailure(new Error(`an answer of status ${reader.status}`));
      this.#told += 1;
      if (this.#told === this.#sockets.length) this.#onAllTold(performance.now());
    });
    socket.once('error', (error) => this.#onFailure(error));
    socket.once('end', () => this.#onFailure(new Error('a connection was closed')));
  }
}

const connectedAtOnce = 100;
const patienceMs = 30_000;
