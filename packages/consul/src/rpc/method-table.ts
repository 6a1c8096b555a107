// The methods that a server serves: to callers in its own process as they are, to others as bytes.
// Upstream: Go's net/rpc server.go, whose words a caller of an unknown method gets to hear.

import { encodeInPieces, gossipDialect, MsgpackReader } from '@reeve/bytes';
import { CallAbort, type CallSignal } from '../waiting/call-signal.ts';
import type { Soon } from '../waiting/soon.ts';
import type { Caller, Method } from './methods/index.ts';
import type { ServeCall } from './net-rpc/served-stream.ts';

/**
 * Answers a request, or fails with what the caller is told. `signal` says that nobody waits any more; what is
 * answered then is lost.
 */
export type Handler<Request, Reply> = (request: Request, signal?: CallSignal) => Soon<Reply>;

/** Methods with what answers them. */
export class MethodTable implements Caller {
  readonly #served = new Map<string, Served>();

  /** From now on `method` is answered by `handler`. */
  serve<Request, Reply>(method: Method<Request, Reply>, handler: Handler<Request, Reply>): void {
    this.#served.set(method.name, { method, handler } as Served);
  }

  call<Request, Reply>(method: Method<Request, Reply>, request: Request, signal?: CallSignal): Soon<Reply> {
    const served = this.#served.get(method.name) as { handler: Handler<Request, Reply> } | undefined;
    if (served === undefined) throw new Error(unknownMethod(method.name));
    return served.handler(request, signal);
  }

  /** Answers the calls of others; see `ServeCall`. */
  readonly serveCall: ServeCall = ({ method: name, body }, answer) => {
    const served = this.#served.get(name);
    if (served === undefined) {
      answer({ ok: false, error: new Error(unknownMethod(name)) });
      return () => {};
    }
    const { method, handler } = served;
    const caller = new CallAbort();
    const request = method.request.decode(new MsgpackReader(body));
    new Promise((resolve) => resolve(handler(request, caller))).then(
      (reply) => answer({ ok: true, value: () => encodeInPieces(method.reply, gossipDialect, reply) }),
      (error: unknown) => answer({ ok: false, error: asError(error) }),
    );
    return () => caller.abort();
  };
}

/** A method with its handler, whatever its types: `serve` has seen that they fit. */
interface Served {
  readonly method: Method<unknown, unknown>;
  readonly handler: Handler<unknown, unknown>;
}

function unknownMethod(name: string): string {
  if (!name.includes('.')) return `rpc: service/method request ill-formed: ${name}`;
  return `rpc: can't find service ${name}`;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
