// One TCP connection over node:net, with the order of events that the contract promises.
//
// `#handler` is there from the moment events may fire until they no longer may. Node tells of a failure by
// `error` and of every end of a connection by `close`; we tell once, at `close`. Next: streams.ts (where
// connections begin).

import type { Socket } from 'node:net';
import { dialFailure, streamFailure } from '../failures.ts';
import { type Endpoint, NetworkError, type NetworkStream, type StreamHandler } from '../network.ts';
import { unmapped } from './addresses.ts';
import { readIntoRoom, takeFromRoom } from './read-room.ts';
import { errorCall, errorCode } from './system-error.ts';

/** A dialled or accepted stream. */
export class NodeStream implements NetworkStream {
  readonly remote: Endpoint;
  readonly #socket: Socket;
  #handler: StreamHandler | undefined;
  /** Undefined until the connection stands. */
  #local: Endpoint | undefined;
  #error: NetworkError | undefined;

  constructor(socket: Socket, remote: Endpoint) {
    this.#socket = socket;
    this.remote = remote;
    socket.on('error', (error) => {
      this.#error = this.#inOurWords(error);
    });
    socket.on('close', () => this.#onClose());
  }

  /** Events go to `handler` from now on. */
  attach(handler: StreamHandler): void {
    if (this.#socket.destroyed) return;
    this.#handler = handler;
    if (this.#local !== undefined) this.#read();
    this.#socket.on('end', () => this.#handler?.onEnd());
    this.#socket.on('drain', () => this.#handler?.onDrain?.());
  }

  /** The connection stands; a dialled stream has its handler by now and is told. */
  onConnected(): void {
    const { localAddress = '', localPort = 0 } = this.#socket;
    this.#local = { host: unmapped(localAddress), port: localPort };
    if (this.#handler === undefined) return;
    this.#read();
    this.#handler.onOpen?.();
  }

  #read(): void {
    if (readIntoRoom(this.#socket, (length) => this.#handler?.onData(takeFromRoom(length)))) return;
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  get isFull(): boolean {
    return this.#socket.destroyed || this.#socket.writableNeedDrain; // which is false of one that is gone
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const piece of pieces) this.write(piece);
    this.#socket.uncork();
  }

  end(): void {
    if (this.#socket.writable) this.#socket.end();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#handler = undefined;
    this.#socket.destroy();
  }

  /** Node reads each chunk into memory of its own, so it can be handed over; but as plain bytes. */
  #onData(chunk: Buffer): void {
    this.#handler?.onData(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  #onClose(): void {
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.onClosed(this.#error);
  }

  #inOurWords(error: Error): NetworkError {
    if (error instanceof NetworkError) return error;
    const code = errorCode(error);
    if (this.#local === undefined) return dialFailure(this.remote, code, error);
    const call = errorCall(error) === 'write' ? 'write' : 'read';
    return streamFailure(call, this.#local, this.remote, code, error);
  }
}
