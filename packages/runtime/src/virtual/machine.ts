// A virtual machine as the sockets of one life on it see it: its address, who listens, and the other
// machines.
//
// Like on Linux, every machine also has the loopback addresses, unless a machine of the world carries that
// address itself (worlds often use 127.0.7.x, as the captures of the original do). After a crash the host
// gets a new `Machine` with empty port tables. Next: packets.ts, streams.ts.

import type { Endpoint } from '../network.ts';
import type { Agenda } from './agenda.ts';
import type { Life } from './life.ts';
import type { VirtualNetwork } from './network.ts';
import { isWildcard, type PortTable } from './ports.ts';
import type { Link, Segment, Wire } from './wire.ts';

/** A bound datagram socket: hears datagrams. */
export type ReceivePacket = (packet: Uint8Array, from: Endpoint) => void;

/**
 * A bound listener: takes a connection by `remote` that comes over `link`, answers over `back`, returns who
 * hears what the dialler sends.
 */
export type AcceptStream = (
  local: Endpoint,
  remote: Endpoint,
  back: Wire,
  link: Link,
) => (segment: Segment) => void;

/** What the sockets of one life need to know. */
export interface Machine {
  readonly ip: string;
  readonly agenda: Agenda;
  readonly life: Life;
  readonly network: VirtualNetwork;
  readonly udp: PortTable<ReceivePacket>;
  readonly tcp: PortTable<AcceptStream>;
  /** The machine that an address leads to from here, in its present life. */
  route(ip: string): Machine | undefined;
}

/** Where a socket on the machine gets bound that asks for `at`; the error's name when it cannot be. */
export function chooseAddress(machine: Machine, ports: PortTable<unknown>, at: Endpoint): Endpoint | string {
  if (at.port < 0 || at.port > 65_535) return 'EINVAL';
  const owns = isWildcard(at.host) || machine.route(at.host)?.ip === machine.ip;
  if (!owns) return 'EADDRNOTAVAIL';
  return ports.choose(at) ?? 'EADDRINUSE';
}

/** The address that what is sent from a socket bound to `boundTo` carries. */
export function sourceAddress(machine: Machine, boundTo: string, to: string): string {
  if (!isWildcard(boundTo)) return boundTo;
  return isLoopback(to) ? to : machine.ip;
}

/** True for the addresses by which a machine talks to itself. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}

/** Whether two addresses are of the same family, IPv4 or IPv6. */
export function sameFamily(a: string, b: string): boolean {
  return a.includes(':') === b.includes(':');
}
