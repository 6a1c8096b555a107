// A request as it comes over a connection. Made by connection.ts; routes see it as an `HttpRequest`.

import type { Endpoint } from '@reeve/runtime';
import { CallAbort, type CallSignal } from '../../waiting/call-signal.ts';
import type { Soon } from '../../waiting/soon.ts';
import { type Query, resolveEscapes } from '../query.ts';
import type { RawRequest } from '../request.ts';
import { isWaiting } from '../wire/known-heads.ts';
import type { RequestHead } from '../wire/request-head.ts';
import { IncomingBody } from './incoming-body.ts';

/** A request with the part of its body that has come. */
export class IncomingRequest implements RawRequest {
  readonly head: RequestHead;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly path: string;
  /** Undefined: there is none. */
  readonly incoming: IncomingBody | undefined;
  readonly #onWanted: (isAwaited: boolean) => void;
  #gone: CallAbort | undefined;
  #isAwaited: boolean;

  /** @param onWanted the body is wanted; the client may still wait for a word before it sends it */
  constructor(head: RequestHead, remote: Endpoint, onWanted: (isAwaited: boolean) => void) {
    const { framing, expect } = head.headers;
    this.head = head;
    this.remoteHost = remote.host;
    this.remotePort = remote.port;
    this.path = resolveEscapes(head.path);
    this.incoming = framing.kind === 'none' ? undefined : new IncomingBody(framing);
    this.#onWanted = onWanted;
    this.#isAwaited = expect !== '' && !head.isOld;
  }

  get method(): string {
    return this.head.method;
  }

  get target(): string {
    return this.head.target;
  }

  get rawQuery(): string {
    return this.head.rawQuery;
  }

  get query(): Query | undefined {
    return this.head.query;
  }

  get words(): RequestHead | undefined {
    return isWaiting(this.head) ? this.head : undefined;
  }

  get contentLength(): number | undefined {
    const { framing } = this.head.headers;
    return framing.kind === 'length' ? framing.bytes : undefined;
  }

  /** The client may still wait for a word before it sends its body. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  header(name: string): string | undefined {
    return this.head.headers.values.get(name);
  }

  body(bytesMax: number): Soon<Uint8Array> {
    if (this.incoming === undefined) return empty;
    const bytes = this.incoming.read(bytesMax);
    if (this.incoming.isWhole) return bytes;
    this.#want();
    return bytes;
  }

  async *pieces(bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.incoming === undefined) return;
    yield* this.incoming.pieces(bytesMax, () => this.#want());
  }

  signal(): CallSignal {
    this.#gone ??= new CallAbort();
    return this.#gone;
  }

  /** Whoever asked has gone, or will send no more: what only waits is given up. */
  abandon(): void {
    this.incoming?.cut();
    this.#gone?.abort();
  }

  #want(): void {
    const isAwaited = this.#isAwaited;
    this.#isAwaited = false; // the word is said once
    this.#onWanted(isAwaited);
  }
}

const empty = new Uint8Array(0);
