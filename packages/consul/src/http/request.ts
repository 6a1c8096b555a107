// A request as routes see it: no socket, so the same routes answer in tests and in the simulator.

import type { CallSignal } from '../waiting/call-signal.ts';
import type { Soon } from '../waiting/soon.ts';
import type { Query } from './query.ts';

/** One HTTP request. */
export interface HttpRequest {
  /** `GET` */
  readonly method: string;
  /** With its escapes resolved: `/v1/kv/a b`. */
  readonly path: string;
  readonly query: Query;
  /** The address of whoever asks, without port; empty at a Unix socket. */
  readonly remoteHost: string;
  /** As it was sent, for the log. */
  readonly target: string;
  /** By lower-case name. */
  header(name: string): string | undefined;
  /** What Content-Length says; undefined if it says nothing (the body may still have some). */
  readonly contentLength: number | undefined;
  /** The body; fails with a `BodyTooLarge` as soon as it is known to be longer. To be called once. */
  body(bytesMax: number): Soon<Uint8Array>;
  /** The same in pieces, as they come and are taken; for bodies that are larger than they should be held. */
  pieces(bytesMax: number): AsyncIterable<Uint8Array>;
  /** Aborts when whoever asks has gone. */
  signal(): CallSignal;
}

/** What arrives: a request whose parameters may make no sense. */
export interface RawRequest extends Omit<HttpRequest, 'query'> {
  readonly rawQuery: string;
  /** The port of whoever asks, for the log. */
  readonly remotePort: number;
  /** Undefined if an escape in it is broken. */
  readonly query: Query | undefined;
  /** The same for requests that wait and have come in the same words, from whomever; undefined: unknown. */
  readonly words?: object | undefined;
}

/** A body of more bytes than its route takes. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
  /** How many there are at least. */
  readonly bytes: number;

  constructor(bytes: number, bytesMax: number) {
    super(`a body of ${bytes} bytes where at most ${bytesMax} are taken`);
    this.bytes = bytes;
  }
}
