// IP addresses in the one spelling that the rest of Reeve compares, and those of this machine.

import { readFileSync, statSync } from 'node:fs';
import { isIP, SocketAddress } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Endpoint } from '../network.ts';
import { isPrivateAddress } from '../special-address.ts';

/** An IP literal as canonical text; undefined for anything else. */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 0) return undefined;
  if (family === 4) return text;
  const [address = '', zone] = text.split('%');
  const canonical = unmapped(new SocketAddress({ address, family: 'ipv6' }).address);
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

/**
 * Whether the system can be asked for this endpoint. Node would look up a name, take an empty host for this
 * machine and cut a port to 16 bits.
 */
export function isEndpoint({ host, port }: Endpoint): boolean {
  return isIP(host) !== 0 && Number.isInteger(port) && port >= 0 && port <= 65_535;
}

/** IPv4 addresses as sockets of both families show them (`::ffff:1.2.3.4`) are IPv4 addresses. */
export function unmapped(address: string): string {
  const isMapped = address.startsWith('::ffff:') && address.includes('.');
  return isMapped ? address.slice('::ffff:'.length) : address;
}

/**
 * Takes the place of a socket's name lookup: what is no name passes as it is, `::` and other IPv6 literals,
 * too.
 */
export function passLiteral(
  host: string,
  _options: unknown,
  done: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  done(null, host, host.includes(':') ? 6 : 4);
}

/** This machine's name, as the system tells it. */
export function hostName(): string {
  return hostname();
}

/** One address of a network interface. */
export interface InterfaceAddress {
  /** Canonical text. */
  readonly host: string;
  /** Reaches only the next machines (169.254.0.0/16, fe80::/10); cannot be advertised. */
  readonly linkLocal: boolean;
}

/** The addresses of an interface, as the system lists them; undefined when there is no such interface. */
export function interfaceAddresses(name: string): readonly InterfaceAddress[] | undefined {
  const addresses = networkInterfaces()[name];
  if (addresses !== undefined) {
    return addresses.map(({ address }) => ({ host: address, linkLocal: isLinkLocal(address) }));
  }
  return interfaceExists(name) ? [] : undefined;
}

/** One address of this machine. */
export interface HostAddress {
  readonly interfaceName: string;
  /** Canonical text. */
  readonly address: string;
  /** Of its network. */
  readonly prefixLength: number;
  readonly isLoopback: boolean;
  /** Its interface leads to the rest of the world. */
  readonly isDefault: boolean;
}

/** The addresses of all interfaces that are up, as the system lists them. */
export function hostAddresses(): readonly HostAddress[] {
  const defaultInterface = defaultRouteInterface();
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses = []]) =>
    addresses.map(({ address, cidr, internal }) => ({
      interfaceName,
      address,
      prefixLength: Number(cidr?.split('/')[1] ?? (address.includes(':') ? 128 : 32)),
      isLoopback: internal,
      isDefault: interfaceName === defaultInterface,
    })),
  );
}

/** The most useful first: of the default route, IPv4 before IPv6, larger networks first. */
export function byUsefulness(a: HostAddress, b: HostAddress): number {
  return compareRanks(rankOf(a), rankOf(b));
}

/** The address to advertise when none was chosen: go-sockaddr's GetPrivateIP. */
export function privateAddress(): string | undefined {
  const candidates = hostAddresses().toSorted(byUsefulness);
  return candidates.find(({ address, prefixLength }) => isPrivateAddress(`${address}/${prefixLength}`))
    ?.address;
}

function rankOf({ address, prefixLength, isDefault }: HostAddress): readonly number[] {
  return [isDefault ? 0 : 1, address.includes(':') ? 1 : 0, prefixLength];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/.test(address);
}

/** Node only lists interfaces that are up and have an address. */
function interfaceExists(name: string): boolean {
  if (name === '' || name.includes('/') || name.startsWith('.')) return false;
  return statSync(`/sys/class/net/${name}`, { throwIfNoEntry: false }) !== undefined;
}

/**
 * The interface through whose gateway IPv4 leaves; the original asks `ip route` and looks no further either.
 */
function defaultRouteInterface(): string | undefined {
  const [, ...routes] = readRoutes()
    .split('\n')
    .map((line) => line.split('\t'));
  const isDefault = ([, destination, gateway, , , , , mask]: string[]) =>
    destination === nowhere && mask === nowhere && gateway !== nowhere;
  return routes.find(isDefault)?.[0];
}

function readRoutes(): string {
  try {
    return readFileSync('/proc/net/route', 'latin1');
  } catch {
    return '';
  }
}

/** 0.0.0.0 in the kernel's table. */
const nowhere = '00000000';
