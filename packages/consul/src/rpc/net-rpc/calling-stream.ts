// The calling side of net/rpc on one stream: one call at a time, and the stream can be used again after it.
// Upstream: hashicorp/net-rpc-msgpackrpc client.go (CallWithCodec).

import { concatBytes, DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import type { NetworkError, Result, Stream, StreamHandler } from '@reeve/runtime';
import {
  encodeHeader,
  type RequestHeader,
  type ResponseHeader,
  requestHeader,
  responseHeader,
} from './headers.ts';
import { replyBytesMax } from './limits.ts';

/** The other side answered, and the answer is that the call failed. */
class RemoteError extends Error {
  override name = 'RemoteError';
}

/** The connection ended before the answer came, or was never there. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';

  /** @param text what users are told; upstream says `EOF` once a connection was there. */
  constructor(text = 'EOF', options?: ErrorOptions) {
    super(text, options);
  }
}

/** Called with the reply's body, one msgpack value, or with what went wrong. */
export type OnReply = (reply: Result<Uint8Array>) => void;

/** A stream to a server, for one call after the other. */
export class CallingStream implements StreamHandler {
  readonly #objects = new MsgpackObjectStream(replyBytesMax);
  #stream: Stream | undefined;
  #call: { readonly request: RequestHeader; readonly onReply: OnReply } | undefined;
  #header: ResponseHeader | undefined;
  #isOver = false;

  /** The stream whose handler this is. */
  use(stream: Stream): void {
    this.#stream = stream;
  }

  /** Whether the next call can go over this stream. */
  get isIdle(): boolean {
    return !this.#isOver && this.#call === undefined;
  }

  /** Sends a request; only when idle. `onReply` is called once, never inside this call. */
  call(request: RequestHeader, body: Uint8Array, onReply: OnReply): void {
    if (!this.isIdle) throw new Error('a stream of calls takes one call at a time');
    this.#call = { request, onReply };
    this.#stream?.write(concatBytes([encodeHeader(requestHeader, request), body]));
  }

  /** Drops the stream; a call under way is not answered. */
  destroy(): void {
    this.#isOver = true;
    this.#call = undefined;
    this.#stream?.destroy();
  }

  onData(chunk: Uint8Array): void {
    try {
      this.#objects.push(chunk);
      for (let object = this.#objects.next(); object !== undefined; object = this.#objects.next()) {
        this.#onObject(object);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#fail(error);
    }
  }

  onEnd(): void {
    this.#fail(new ConnectionLost());
  }

  onClosed(error?: NetworkError): void {
    this.#fail(new ConnectionLost('EOF', { cause: error }));
  }

  #onObject(object: Uint8Array): void {
    if (this.#call === undefined) throw new DecodeError('malformed', 'an answer that nobody has asked for');
    if (this.#header === undefined) {
      this.#header = responseHeader.decode(new MsgpackReader(object));
      return;
    }
    const { error, seq } = this.#header;
    const { request, onReply } = this.#call;
    if (seq !== request.seq) throw new DecodeError('malformed', `answer ${seq} to call ${request.seq}`);
    this.#header = undefined;
    this.#call = undefined;
    onReply(error === '' ? { ok: true, value: object } : { ok: false, error: new RemoteError(error) });
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stream?.destroy();
    const onReply = this.#call?.onReply;
    this.#call = undefined;
    onReply?.({ ok: false, error });
  }
}
