// Asks a server over UDP as fast as it answers. A query's id says which of those under way it is; an answer
// without records is an error, and so is one that does not come.

import { createSocket, type Socket } from 'node:dgram';
import type { LoadJob, LoadYield } from './job.ts';
import { LoadWatch } from './load-watch.ts';

/** Runs a load to its end. */
export function runDnsLoad(job: LoadJob): Promise<LoadYield> {
  return new Promise((resolve) => new DnsLoad(job, resolve));
}

class DnsLoad {
  readonly #job: LoadJob;
  readonly #watch: LoadWatch;
  readonly #onEnd: (result: LoadYield) => void;
  readonly #socket: Socket;
  readonly #watchdog: NodeJS.Timeout;
  /** One for each query under way. */
  readonly #queries: readonly Buffer[];
  readonly #sentMs: Float64Array;
  #isOver = false;

  constructor(job: LoadJob, onEnd: (result: LoadYield) => void) {
    this.#job = job;
    this.#onEnd = onEnd;
    this.#watch = new LoadWatch(job);
    this.#queries = Array.from({ length: job.underWay }, (_, id) => queryWithId(job, id));
    this.#sentMs = new Float64Array(job.underWay);
    this.#watchdog = setInterval(() => this.#replaceLost(), patienceMs / 2);
    this.#socket = createSocket('udp4')
      .on('message', (message) => this.#onMessage(message))
      .on('error', (error) => this.#onError(error.message));
    this.#socket.connect(job.port, job.host, () => {
      for (const id of this.#queries.keys()) this.#send(id);
    });
  }

  #send(id: number): void {
    this.#sentMs[id] = performance.now();
    this.#socket.send(this.#queries[id] as Buffer);
  }

  #onMessage(message: Buffer): void {
    if (this.#isOver) return;
    const id = message.readUInt16BE(0);
    const nowMs = performance.now();
    const flaw = flawOf(message);
    if (flaw !== undefined) this.#onError(flaw);
    else if (!this.#watch.onAnswer(this.#sentMs[id] ?? 0, nowMs)) this.#end();
    if (!this.#isOver) this.#send(id);
  }

  #replaceLost(): void {
    const { underWay } = this.#job;
    for (let id = 0; id < underWay && !this.#isOver; id++) {
      if (performance.now() - (this.#sentMs[id] ?? 0) < patienceMs) continue;
      this.#onError('an answer is missing');
      if (!this.#isOver) this.#send(id);
    }
  }

  #onError(text: string): void {
    if (!this.#isOver && !this.#watch.onError(text)) this.#end();
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#watchdog);
    const { result } = this.#watch;
    this.#socket.close();
    this.#onEnd(result);
  }
}

function queryWithId({ requests }: LoadJob, id: number): Buffer {
  const query = Buffer.from(requests[id % requests.length] ?? new Uint8Array());
  query.writeUInt16BE(id, 0);
  return query;
}

function flawOf(message: Buffer): string | undefined {
  const code = message.readUInt8(3) & 0x0f;
  if (code !== 0) return `an answer of code ${code}`;
  return message.readUInt16BE(6) === 0 ? 'an answer without records' : undefined;
}

/** A server that is busy answers later, but not so late. */
const patienceMs = 2_000;
