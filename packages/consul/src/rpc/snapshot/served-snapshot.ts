// A connection on which somebody saves or restores a snapshot. Upstream: agent/consul/snapshot_endpoint.go
// (handleSnapshotRequest).

import { DecodeError, encodeWith, gossipDialect } from '@reeve/bytes';
import { endpointText, type Log, type NetworkError, type Stream, type StreamHandler } from '@reeve/runtime';
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
  readonly #stream: Stream;
  readonly #serve: ServeSnapshot;
  readonly #log: Log;
  readonly #request = new MessageReader(snapshotRequestCodec);
  readonly #archive = new ReceivedBytes(archiveBytesMax);
  #isAsked = false;
  #isAnswered = false;

  constructor(stream: Stream, serve: ServeSnapshot, log: Log) {
    this.#stream = stream;
    this.#serve = serve;
    this.#log = log;
  }

  onData(chunk: Uint8Array): void {
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

  onEnd(): void {
    if (this.#isAsked) this.#archive.end();
    else this.#refuse('failed to decode request: EOF');
  }

  onClosed(error?: NetworkError): void {
    this.#archive.end(error ?? new Error('connection closed'));
  }

  async #answer(request: SnapshotRequest): Promise<void> {
    try {
      const { meta, archive } = await this.#serve(request, this.#archive);
      this.#respond({ ...meta, error: '' });
      for await (const piece of archive) this.#stream.write(piece);
      this.#stream.end();
    } catch (error) {
      // In the middle of an archive nothing can be said; whoever reads it misses its end.
      if (this.#isAnswered) return this.#refuse(`failed to stream snapshot: ${(error as Error).message}`);
      this.#respond({ ...snapshotResponseCodec.zero(), error: (error as Error).message });
      this.#stream.end();
    }
  }

  #respond(response: SnapshotResponse): void {
    this.#isAnswered = true;
    this.#stream.write(encodeWith(snapshotResponseCodec, gossipDialect, response));
  }

  #refuse(what: string): void {
    this.#log('err', `consul.rpc: snapshot: ${what}: conn=${endpointText(this.#stream.remote)}`);
    this.#stream.destroy();
  }
}

/** An archive is a fraction of a state, and that fits into one buffer. */
const archiveBytesMax = 2 ** 31;
