// What can be asked of a server, and how: one value for each method of Consul's RPC.

import type { Codec } from '@reeve/bytes';
import type { CallSignal } from '../../waiting/call-signal.ts';
import type { Soon } from '../../waiting/soon.ts';

/** One method: its name on the wire, and both bodies. */
export interface Method<Request, Reply> {
  /** `KVS.Get` */
  readonly name: string;
  readonly request: Codec<Request>;
  readonly reply: Codec<Reply>;
}

/**
 * Calls methods: of the server in this process, which may answer at once, or of one elsewhere. Fails (throws,
 * or rejects) with an `Error` whose text is what users see. `signal` gives a waiting query up: nothing is
 * held for it any more, and the promise settles with whatever there is.
 */
export interface Caller {
  call<Request, Reply>(method: Method<Request, Reply>, request: Request, signal?: CallSignal): Soon<Reply>;
}

/** A method. */
export function method<Request, Reply>(
  name: string,
  request: Codec<Request>,
  reply: Codec<Reply>,
): Method<Request, Reply> {
  return { name, request, reply };
}
