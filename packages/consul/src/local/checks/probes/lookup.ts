// Names for Node's own sockets, looked up as the runtime does it, and failed connections in Go's words.

import type { LookupFunction } from 'node:net';
import type { Network } from '@reeve/runtime';
import { dialFailure } from '@reeve/runtime/node';

/** The `lookup` of Node's sockets. */
export function lookupBy(network: Network): LookupFunction {
  return (host, { all }, done) =>
    network.resolve(host, (found) => {
      if (!found.ok) return done(found.error, '');
      const addresses = found.value.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const [first = { address: '', family: 4 }] = addresses;
      return all ? done(null, addresses) : done(null, first.address, first.family);
    });
}

/** Why there is no connection; undefined if there was one. */
export function connectFailure(error: NodeJS.ErrnoException): string | undefined {
  const { address, port } = error as { readonly address?: string; readonly port?: number };
  if (error.syscall === 'connect' && address !== undefined && port !== undefined) {
    return dialFailure({ host: address, port }, error.code ?? 'EOTHER').message;
  }
  return error.message.startsWith('lookup ') ? `dial tcp: ${error.message}` : undefined;
}
