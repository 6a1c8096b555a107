// Asks another server to save or restore a snapshot.
// Upstream: agent/consul/snapshot_endpoint.go (SnapshotRPC).

import { DecodeError, encodeWith, gossipDialect } from '@reeve/bytes';
import type { Endpoint, Network, NetworkError, NetworkStream, StreamHandler } from '@reeve/runtime';
import { connectionTypes } from '../connection-type.ts';
import { type MessageBeforeBytes, MessageReader } from './message-before-bytes.ts';
import { ReceivedBytes } from './received-bytes.ts';
import type { SnapshotReply } from './served-snapshot.ts';
import {
  type SnapshotRequest,
  type SnapshotResponse,
  snapshotRequestCodec,
  snapshotResponseCodec,
} from './snapshot-messages.ts';

/** Sends a request, with the archive that is to be restored. Rejects with what the server says is wrong. */
export function callSnapshot(
  network: Network,
  server: Endpoint,
  request: SnapshotRequest,
  archive: AsyncIterable<Uint8Array>,
): Promise<SnapshotReply> {
  return new Promise((resolve, reject) => {
    const call = new SnapshotCall(resolve, reject, (handler) => network.dial(server, dialTimeoutMs, handler));
    call.send(request, archive);
  });
}

/** One call. Both archives go through as fast as the slower side takes them. */
class SnapshotCall implements StreamHandler {
  readonly #stream: NetworkStream;
  readonly #resolve: (reply: SnapshotReply) => void;
  readonly #reject: (error: Error) => void;
  readonly #response = new MessageReader(snapshotResponseCodec);
  /** What the server saves; there once it has answered. */
  #saved: ReceivedBytes | undefined;
  #isOver = false;
  #onTaken: () => void = () => {};

  constructor(
    resolve: (reply: SnapshotReply) => void,
    reject: (error: Error) => void,
    dial: (handler: StreamHandler) => NetworkStream,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#stream = dial(this);
  }

  send(request: SnapshotRequest, archive: AsyncIterable<Uint8Array>): void {
    this.#stream.write(Uint8Array.of(connectionTypes.snapshot));
    this.#stream.write(encodeWith(snapshotRequestCodec, gossipDialect, request));
    this.#sendPieces(archive).catch((error: Error) => this.#fail(error));
  }

  onData(chunk: Uint8Array): void {
    if (this.#saved !== undefined) return this.#saved.push(chunk);
    try {
      const answer = this.#response.push(chunk);
      if (answer !== undefined) this.#onAnswer(answer);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#fail(new Error(`failed to decode response: ${error.message}`));
    }
  }

  onDrain(): void {
    this.#onTaken();
  }

  onEnd(): void {
    this.#saved?.end();
  }

  onClosed(error?: NetworkError): void {
    this.#saved?.end(error);
    this.#over();
    this.#reject(error ?? new Error('failed to decode response: EOF'));
  }

  #onAnswer({ message: { error, ...meta }, rest }: MessageBeforeBytes<SnapshotResponse>): void {
    if (error !== '') return this.#fail(new Error(error));
    this.#saved = new ReceivedBytes(waitingBytesMax, this.#stream, () => this.#stream.destroy());
    this.#saved.push(rest);
    this.#resolve({ meta, archive: this.#saved });
  }

  /** What the server does not take waits where it comes from. */
  async #sendPieces(archive: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of archive) {
      this.#stream.write(piece);
      if (this.#stream.isFull && !this.#isOver) await this.#taken();
      if (this.#isOver) return;
    }
    this.#stream.end();
  }

  /** Resolves when all that was written has gone, or nothing goes any more. */
  #taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#onTaken = resolve;
    });
  }

  #fail(error: Error): void {
    this.#stream.destroy();
    this.#over();
    this.#reject(error);
  }

  #over(): void {
    this.#isOver = true;
    this.#onTaken();
  }
}

const dialTimeoutMs = 10_000;
/** Of an archive that is passed on as it comes. */
const waitingBytesMax = 4 * 1024 * 1024;
