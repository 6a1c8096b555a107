// Names in the virtual world: a table, and IP literals that mean themselves.

import { NetworkError, type Result } from '../network.ts';
import type { VirtualNetwork } from './network.ts';

/** True for IP literals, which need no table. */
export function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

/** What `Network.resolve` answers. */
export function lookUp(network: VirtualNetwork, host: string): Result<readonly string[], NetworkError> {
  const addresses = isAddress(host) ? [host] : network.names.get(host);
  if (addresses !== undefined && addresses.length > 0) return { ok: true, value: [...addresses] };
  return { ok: false, error: new NetworkError('ENOTFOUND', `lookup ${host}: no such host`) };
}
