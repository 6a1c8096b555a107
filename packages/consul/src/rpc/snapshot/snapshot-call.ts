// Asks another server to save or restore a snapshot.
// Upstream: agent/consul/snapshot_endpoint.go (SnapshotRPC).

import { DecodeError, encodeWith, gossipDialect } from '@reeve/bytes';
import type { Endpoint, Network, NetworkError, Stream, StreamHandler } from '@reeve/runtime';
import { connectionTypes } from '../connection-type.ts';
import { MessageReader } from './message-before-bytes.ts';
import { ReceivedBytes } from './received-bytes.ts';
import type { SnapshotReply } from './served-snapshot.ts';
import { type SnapshotRequest, snapshotRequestCodec, snapshotResponseCodec } from './snapshot-messages.ts';

/** Sends a request, with the archive that is to be restored. Rejects with what the server says is wrong. */
export function callSnapshot(
  network: Network,
  server: Endpoint,
  request: SnapshotRequest,
  archive: AsyncIterable<Uint8Array>,
): Promise<SnapshotReply> {
  return new Promise((resolve, reject) => {
    const handler = new SnapshotAnswer(resolve, reject);
    const stream = network.dial(server, dialTimeoutMs, handler);
    stream.write(Uint8Array.of(connectionTypes.snapshot));
    stream.write(encodeWith(snapshotRequestCodec, gossipDialect, request));
    send(stream, archive).catch((error: Error) => {
      stream.destroy();
      reject(error);
    });
  });
}

async function send(stream: Stream, archive: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of archive) stream.write(piece);
  stream.end();
}

class SnapshotAnswer implements StreamHandler {
  readonly #resolve: (reply: SnapshotReply) => void;
  readonly #reject: (error: Error) => void;
  readonly #response = new MessageReader(snapshotResponseCodec);
  readonly #archive = new ReceivedBytes(archiveBytesMax);
  #isAnswered = false;

  constructor(resolve: (reply: SnapshotReply) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onData(chunk: Uint8Array): void {
    if (this.#isAnswered) return this.#archive.push(chunk);
    try {
      const answer = this.#response.push(chunk);
      if (answer === undefined) return;
      this.#isAnswered = true;
      const { error, ...meta } = answer.message;
      if (error !== '') return this.#reject(new Error(error));
      this.#archive.push(answer.rest);
      this.#resolve({ meta, archive: this.#archive });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#reject(new Error(`failed to decode response: ${error.message}`));
    }
  }

  onEnd(): void {
    this.#archive.end();
  }

  onClosed(error?: NetworkError): void {
    this.#archive.end(error);
    if (!this.#isAnswered) this.#reject(error ?? new Error('failed to decode response: EOF'));
  }
}

const dialTimeoutMs = 10_000;
/** What somebody who is slow to take it lets wait. */
const archiveBytesMax = 2 ** 30;
