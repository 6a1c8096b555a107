// The addresses an operator joins: `host`, `host:port`, `[v6]:port`, each with an optional `name/` in front.
// Upstream: memberlist memberlist.go (resolveAddr), util.go (hasPort, ensurePort), and Go's strconv for what
// it says of ports. Next: join.ts.

import { AddressError, splitHostPort } from '@reeve/runtime';

/** A join address taken apart; not resolved. */
export interface JoinAddress {
  /** The node expected there; empty when none was named. */
  readonly nodeName: string;
  /** An IP address or a host name, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Takes an address apart.
 * @throws AddressError in the original's words.
 */
export function parseJoinAddress(text: string, defaultPort: number): JoinAddress {
  const slash = text.indexOf('/');
  if (slash === 0) throw new AddressError('empty node name provided');
  const nodeName = slash < 0 ? '' : text.slice(0, slash);
  const { host, port } = splitHostPort(withPort(text.slice(slash + 1), defaultPort));
  return { nodeName, host, port: parsePort(port) };
}

function withPort(text: string, defaultPort: number): string {
  if (hasPort(text)) return text;
  const host = text.replace(/^[[\]]+|[[\]]+$/g, '');
  return host.includes(':') ? `[${host}]:${defaultPort}` : `${host}:${defaultPort}`;
}

function hasPort(text: string): boolean {
  if (text.lastIndexOf('[') === 0) return text.lastIndexOf(':') > text.lastIndexOf(']');
  return text.split(':').length === 2;
}

function parsePort(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new AddressError(`strconv.ParseUint: parsing "${text}": invalid syntax`);
  const port = Number(text);
  if (port > 65_535) throw new AddressError(`strconv.ParseUint: parsing "${text}": value out of range`);
  return port;
}
