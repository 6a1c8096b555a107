// A connection on which somebody saves or restores a snapshot. Upstream: agent/consul/snapshot_endpoint.go
// (handleSnapshotRequest).

import { DecodeError, encodeWith, gossipDialect } from '@reeve/bytes';
import {
  endpointText,
  type NetworkError,
  type NetworkStream,
  type Runtime,
  type StreamHandler,
  type Timer,
} from '@reeve/runtime';
import type { QueryMeta } from '../methods/index.ts';
import { MessageReader } from './message-before-bytes.ts';
import { ReceivedBytes } from './received-bytes.ts';
import {
  type SnapshotRequest,
  type SnapshotResponse,
  snapshotOperations,
  snapshotRequestCodec,
  snapshotResponseCodec,
} from './snapshot-messages.ts';

/** What became of a request, and the archive that was saved; nothing of it for one that was restored. */
export interface SnapshotReply {
  readonly meta: QueryMeta;
  readonly archive: AsyncIterable<Uint8Array>;
}

/** Saves, or restores `archive`; rejects with the text for the client. */
export type ServeSnapshot = (
  request: SnapshotRequest,
  archive: AsyncIterable<Uint8Array>,
) => Promise<SnapshotReply>;

/** One such connection; its first byte is gone. */
export class ServedSnapshot implements StreamHandler {
  readonly #stream: NetworkStream;
  readonly #serve: ServeSnapshot;
  readonly #runtime: Pick<Runtime, 'log' | 'timers'>;
  readonly #request = new MessageReader(snapshotRequestCodec);
  readonly #archive: ReceivedBytes;
  #onTaken: () => void = () => {};
  #hasProgressed = false;
  #hasEnded = false;
  #patience: Timer | undefined;
  #isAsked = false;
  #isAnswered = false;
  #isGone = false;

  constructor(stream: NetworkStream, serve: ServeSnapshot, runtime: Pick<Runtime, 'log' | 'timers'>) {
    this.#stream = stream;
    this.#archive = new ReceivedBytes(waitingBytesMax, stream);
    this.#serve = serve;
    this.#runtime = runtime;
    this.#watch();
  }

  onData(chunk: Uint8Array): void {
    this.#hasProgressed = true;
    if (this.#isAsked) return this.#archive.push(chunk);
    try {
      const asked = this.#request.push(chunk);
      if (asked === undefined) return;
      this.#isAsked = true;
      if (asked.message.operation !== snapshotOperations.restore) this.#archive.end(); // none is wanted
      this.#archive.push(asked.rest);
      void this.#answer(asked.message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(`failed to decode request: ${error.message}`);
    }
  }

  onDrain(): void {
    this.#onTaken();
  }

  onEnd(): void {
    this.#hasEnded = true;
    if (this.#isAsked) this.#archive.end();
    else this.#refuse('failed to decode request: EOF');
  }

  onClosed(error?: NetworkError): void {
    this.#isGone = true;
    this.#archive.end(error ?? new Error('connection closed'));
    this.#onTaken();
    this.#patience?.cancel();
  }

  async #answer(request: SnapshotRequest): Promise<void> {
    try {
      const { meta, archive } = await this.#serve(request, this.#archive);
      this.#respond({ ...meta, error: '' });
      for await (const piece of archive) {
        if (this.#isGone) return; // and whoever gives the archive out hears of it
        this.#stream.write(piece);
        if (this.#stream.isFull) await this.#taken();
      }
      this.#stream.end();
    } catch (error) {
      // In the middle of an archive nothing can be said; whoever reads it misses its end.
      if (this.#isAnswered) return this.#refuse(`failed to stream snapshot: ${(error as Error).message}`);
      this.#respond({ ...snapshotResponseCodec.zero(), error: (error as Error).message });
      this.#stream.end();
    }
  }

  /** Resolves when all that was written has gone, or the connection has. */
  #taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#onTaken = resolve;
    });
  }

  /** What is to come must come: an archive that stops half-way keeps others waiting. */
  #watch(): void {
    this.#patience = this.#runtime.timers.after(patienceMs, () => {
      const isOurTurn = this.#hasProgressed || this.#hasEnded || this.#archive.isWaiting;
      this.#hasProgressed = false;
      if (this.#isAnswered) return;
      if (isOurTurn) return this.#watch();
      this.#archive.end(new Error('the archive does not go on'));
      this.#refuse('nothing comes');
    });
  }

  #respond(response: SnapshotResponse): void {
    this.#isAnswered = true;
    this.#archive.end();
    this.#stream.resume(); // what still comes is dropped, up to its end
    this.#stream.write(encodeWith(snapshotResponseCodec, gossipDialect, response));
  }

  #refuse(what: string): void {
    this.#isGone = true;
    this.#onTaken();
    this.#runtime.log('err', `consul.rpc: snapshot: ${what}: conn=${endpointText(this.#stream.remote)}`);
    this.#stream.destroy();
  }
}

/** Without a further byte. */
const patienceMs = 60_000;
/** Of an archive that is read as it comes. */
const waitingBytesMax = 4 * 1024 * 1024;
