// The addresses of agents, `host:port` with a port that is a number. Names of services (`:http`) are not
// known here; what they mean differs between machines. Error texts are those of Go's net package.

import { isPortMissing, splitHostPort } from '@reeve/runtime';

/** Where something listens; the host may be a name or empty. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an address. `portDefault` stands in for a missing port; without it the port must be there.
 * @throws Error with Go's text: `address nonsense: missing port in address`.
 */
export function parseHostPort(address: string, portDefault?: number): HostAddress {
  const lacksPort = portDefault !== undefined && isPortMissing(address);
  const { host, port } = splitHostPort(lacksPort ? `${address}:${portDefault}` : address);
  return { host, port: parsePort(port) };
}

function parsePort(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`address tcp/${text}: unknown port`);
  const port = Number(text);
  if (port < 0 || port > portMax) throw new Error(`address ${text}: invalid port`);
  return port;
}

const portMax = 65_535;
