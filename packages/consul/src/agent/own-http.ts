// How an agent reaches itself over HTTP: watches ask it as any client does.
// Upstream: agent/config/runtime.go (APIConfig, ClientAddress).

import { endpointText } from '@reeve/runtime';
import type { ClientConfig } from '../api/client-config.ts';
import type { AddressConfig } from '../config/runtime-config.ts';

/** How to ask it; undefined: it does not listen. One address is preferred to `0.0.0.0`. */
export function ownHttp({ http }: AddressConfig): ClientConfig | undefined {
  const sockets = http.flatMap((at) => (at.network === 'unix' ? [at] : []));
  const hosts = http.flatMap((at) => (at.network === 'unix' ? [] : [at]));
  const host = hosts.find((at) => !anywhere.has(at.host)) ?? hosts[0];
  const address =
    host === undefined
      ? sockets[0]?.path
      : endpointText({ host: anywhere.get(host.host) ?? host.host, port: host.port });
  if (address === undefined) return undefined;
  const tls = { rejectUnauthorized: false };
  const isSocket = host === undefined;
  return { scheme: 'http', address, isSocket, token: '', datacenter: '', namespace: '', basicAuth: '', tls };
}

const anywhere: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);
