// Calls the methods of one server elsewhere. Next: connection-pool.ts.

import { DecodeError, encodeWith, gossipDialect, MsgpackReader } from '@reeve/bytes';
import type { Endpoint } from '@reeve/runtime';
import type { CallSignal } from '../waiting/call-signal.ts';
import { CallError } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Caller, Method } from './methods/index.ts';

/** A server, as something to call. Calls fail with a `CallError`. */
export class RemoteCaller implements Caller {
  readonly #pool: ConnectionPool;
  readonly #server: Endpoint;

  constructor(pool: ConnectionPool, server: Endpoint) {
    this.#pool = pool;
    this.#server = server;
  }

  call<Request, Reply>(
    method: Method<Request, Reply>,
    request: Request,
    signal?: CallSignal,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(givenUp(false));
      const body = encodeWith(method.request, gossipDialect, request);
      const endCall = this.#pool.call(this.#server, method.name, body, (reply) => {
        signal?.removeEventListener('abort', giveUp);
        if (!reply.ok) return reject(reply.error);
        try {
          resolve(method.reply.decode(new MsgpackReader(reply.value)));
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          reject(new Error(`rpc error making call: ${error.message}`, { cause: error }));
        }
      });
      const giveUp = () => {
        endCall();
        reject(givenUp(true));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
}

/** In the words of Go; nobody waits for them any more. */
function givenUp(wasSent: boolean): CallError {
  return new CallError('rpc error making call', new Error('context canceled'), wasSent);
}
