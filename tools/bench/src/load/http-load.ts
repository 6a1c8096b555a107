// Asks a server over HTTP as fast as it answers, on some connections that stay open, each with one request
// under way. Requests are bytes made beforehand; of answers only the status and the end are looked at.

import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import type { LoadJob, LoadYield } from './job.ts';
import { LoadWatch } from './load-watch.ts';

/** Runs a load to its end. */
export function runHttpLoad(job: LoadJob): Promise<LoadYield> {
  return new Promise((resolve) => new HttpLoad(job, resolve));
}

class HttpLoad {
  readonly #job: LoadJob;
  readonly #watch: LoadWatch;
  readonly #onEnd: (result: LoadYield) => void;
  readonly #sockets: Socket[] = [];
  readonly #patience: NodeJS.Timeout;
  #sent = 0;
  #isOver = false;

  constructor(job: LoadJob, onEnd: (result: LoadYield) => void) {
    this.#job = job;
    this.#onEnd = onEnd;
    this.#watch = new LoadWatch(job);
    const lengthMs = job.watchMs === 'each-once' ? eachOnceMsMax : job.warmUpMs + job.watchMs;
    this.#patience = setTimeout(() => {
      this.#watch.onError('answers have stopped');
      this.#end();
    }, lengthMs + patienceMs);
    for (let count = 0; count < job.underWay; count++) this.#sockets.push(this.#connect());
  }

  #connect(): Socket {
    const { host, port } = this.#job;
    const reader = new AnswerReader();
    let sentMs = 0;
    const send = (nowMs: number): void => {
      const request = this.#nextRequest();
      if (request === undefined) return;
      sentMs = nowMs;
      socket.write(request);
    };
    const onBytes = (length: number, buffer: Uint8Array): boolean => {
      if (!reader.onBytes((buffer as Buffer).subarray(0, length))) return true;
      const nowMs = performance.now();
      if (reader.status !== 200) this.#onError(`an answer of status ${reader.status}`);
      else if (!this.#watch.onAnswer(sentMs, nowMs)) this.#end();
      if (!this.#isOver) send(nowMs);
      return true;
    };
    const socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafe(readBytes), callback: onBytes },
    });
    socket.once('connect', () => send(performance.now()));
    socket.once('error', (error) => this.#onError(error.message));
    socket.once('end', () => this.#onError('a connection was closed'));
    return socket;
  }

  #nextRequest(): Uint8Array | undefined {
    const { requests, watchMs } = this.#job;
    const index = this.#sent++;
    return watchMs === 'each-once' ? requests[index] : requests[index % requests.length];
  }

  #onError(text: string): void {
    if (!this.#isOver && !this.#watch.onError(text)) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#patience);
    const { result } = this.#watch;
    for (const socket of this.#sockets) socket.destroy();
    this.#onEnd(result);
  }
}

const readBytes = 64 * 1_024;
/** Beyond the time of the load. */
const patienceMs = 15_000;
const eachOnceMsMax = 300_000;
