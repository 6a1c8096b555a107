/**
 * Addresses as people write them: `host:port`, `[v6]:port`. Rules and error texts are those of Go's net
 * package. Names of services (`:http`) are not known here; what they mean differs between machines.
 */

/** A host, which may be a name or empty, and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads an address. @throws Error with Go's text: `address nonsense: missing port in address`. */
export function parseHostPort(address: string): HostPort {
  const refuse = (reason: string): Error => new Error(`address ${address}: ${reason}`);
  const [, bracketed, rest = address] = /^\[([^\]]*)\](.*)$/s.exec(address) ?? [];
  if (bracketed === undefined && address.startsWith('[')) throw refuse("missing ']' in address");
  const colon = rest.lastIndexOf(':');
  if (colon < 0 || (bracketed !== undefined && colon > 0)) throw refuse('missing port in address');
  const host = rest.slice(0, colon);
  if (host.includes(':')) throw refuse('too many colons in address');
  for (const bracket of '[]') if (rest.includes(bracket)) throw refuse(`unexpected '${bracket}' in address`);
  return { host: bracketed ?? host, port: parsePort(rest.slice(colon + 1)) };
}

function parsePort(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`lookup tcp/${text}: unknown port`);
  const port = Number(text);
  if (port < 0 || port > PORT_MAX) throw new Error(`address ${text}: invalid port`);
  return port;
}

const PORT_MAX = 65_535;
