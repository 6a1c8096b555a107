// Numbers on their way to a server, as lines of statsd's format: `name:value|c`. They are sent in batches,
// 100 ms after the first of them came. While there is no connection they wait, `linesMax` at most; when a
// connection fails, what comes in the next 5 s is dropped and then a new one is tried, as upstream does.
// Upstream: go-metrics statsd.go, statsite.go (flushMetrics). Next: statsd.ts, statsite.ts.

import { encodeText } from '@reeve/bytes';
import type { Log } from '@reeve/runtime';
import type { MetricKind, MetricSink } from '@reeve/runtime/node';
import { errorText } from '../error-text.ts';

/** A server of metrics, and how it is reached. */
export interface MetricServer {
  /** Its kind, for the log: `statsd`. */
  readonly kind: string;
  /** How long a batch may be; a longer line is never made. */
  readonly batchBytesMax: number;
  /** Rejects if there is no way to it. `onLost` is called once when a connection that stood fails. */
  connect(onLost: (error: Error) => void): Promise<MetricConnection>;
}

/** A way to a server. */
export interface MetricConnection {
  /** Sends whole lines, or drops them if too much waits to be sent. */
  send(batch: Uint8Array): void;
  /** Ends after what was sent; settles when it is gone or has taken too long. */
  close(): Promise<void>;
}

/** Sends numbers to one server. */
export class MetricOutlet implements MetricSink {
  readonly #server: MetricServer;
  readonly #log: Log;
  // Bounded by linesMax.
  #lines: Uint8Array[] = [];
  #state: 'connecting' | 'pausing' | 'closed' | MetricConnection = 'connecting';
  #flush: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #complainedAtMs = Number.NEGATIVE_INFINITY;

  /** Begins to connect. */
  constructor(server: MetricServer, log: Log) {
    this.#server = server;
    this.#log = log;
    void this.#connect();
  }

  write(kind: MetricKind, name: string, value: number): void {
    if (this.#state === 'pausing' || this.#state === 'closed' || this.#lines.length >= linesMax) return;
    this.#lines.push(encodeText(`${name}:${value.toFixed(6)}|${suffixes[kind]}\n`));
    this.#flush ??= setTimeout(() => this.#send(), flushAfterMs).unref();
  }

  /** Sends what waits, if there is a connection, and ends it. */
  async close(): Promise<void> {
    this.#send();
    const state = this.#state;
    this.#state = 'closed';
    clearTimeout(this.#retry);
    if (typeof state === 'object') await state.close();
  }

  async #connect(): Promise<void> {
    try {
      const connection = await this.#server.connect((error) => this.#onFailure('writing', error));
      if (this.#state === 'closed') return void connection.close();
      this.#state = connection;
      this.#send();
    } catch (error) {
      this.#onFailure('connecting', error);
    }
  }

  #send(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    if (typeof this.#state !== 'object') return; // they go as soon as it is connected
    const lines = this.#lines;
    this.#lines = [];
    for (const batch of batches(lines, this.#server.batchBytesMax)) this.#state.send(batch);
  }

  #onFailure(what: string, error: unknown): void {
    if (this.#state === 'closed') return;
    this.#state = 'pausing';
    this.#lines = [];
    this.#complain(`Error ${what} to ${this.#server.kind}! Err: ${errorText(error)}`);
    this.#retry = setTimeout(() => {
      this.#state = 'connecting';
      void this.#connect();
    }, retryAfterMs).unref();
  }

  // A server that is away stays away for hours: one line a minute says it often enough.
  #complain(text: string): void {
    const nowMs = performance.now();
    if (nowMs - this.#complainedAtMs < complainEveryMs) return;
    this.#complainedAtMs = nowMs;
    this.#log('err', `agent: ${text}`);
  }
}

// Whole lines, as many in each batch as fit.
function batches(lines: readonly Uint8Array[], bytesMax: number): Uint8Array[] {
  const packed: Uint8Array[][] = [];
  let bytesLeft = 0;
  for (const line of lines) {
    if (line.length > bytesLeft) {
      packed.push([]);
      bytesLeft = bytesMax;
    }
    packed.at(-1)?.push(line);
    bytesLeft -= line.length;
  }
  return packed.map((batch) => Buffer.concat(batch));
}

const suffixes: Readonly<Record<MetricKind, string>> = { counter: 'c', sample: 'ms', gauge: 'g' };
const flushAfterMs = 100;
const retryAfterMs = 5_000;
const complainEveryMs = 60_000;
const linesMax = 4096;
