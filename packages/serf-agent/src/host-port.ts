// Addresses as people write them: `host:port`, `[v6]:port`. Rules and error texts are those of Go's net
// package. Names of services (`:http`) are not known here; what they mean differs between machines.

/** A host, which may be a name or empty, and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an address. `portDefault` stands in for a missing port; without it the port must be there.
 * @throws Error with Go's text: `address nonsense: missing port in address`.
 */
export function parseHostPort(address: string, portDefault?: number): HostPort {
  const refuse = (reason: string): Error => new Error(`address ${address}: ${reason}`);
  const [, bracketed, rest = address] = /^\[([^\]]*)\](.*)$/s.exec(address) ?? [];
  if (bracketed === undefined && address.startsWith('[')) throw refuse("missing ']' in address");
  const colon = rest.lastIndexOf(':');
  const isTornOff = bracketed !== undefined && rest !== '' && !rest.startsWith(':');
  if (isTornOff || (colon < 0 && portDefault === undefined)) throw refuse('missing port in address');
  const host = colon < 0 ? rest : rest.slice(0, colon);
  if (host.includes(':')) throw refuse('too many colons in address');
  for (const bracket of '[]') if (rest.includes(bracket)) throw refuse(`unexpected '${bracket}' in address`);
  const port = colon < 0 ? portDefault : parsePort(rest.slice(colon + 1));
  return { host: bracketed ?? host, port: port ?? 0 };
}

function parsePort(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`address tcp/${text}: unknown port`);
  const port = Number(text);
  if (port < 0 || port > portMax) throw new Error(`address ${text}: invalid port`);
  return port;
}

const portMax = 65_535;
