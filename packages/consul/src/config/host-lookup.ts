// The functions that find addresses of this machine. Source: hashicorp/go-sockaddr ifaddr.go, ifaddrs.go.

import { BlockList } from 'node:net';
import { quote } from '@reeve/cli';
import { isPrivateAddress, isSpecialAddress } from '@reeve/runtime';
import { byUsefulness, type HostAddress } from '@reeve/runtime/node';
import { compileRe2 } from '@reeve/serf/re2';

/** What functions hand to each other: addresses, or the text to put in. */
export type Found = string | readonly HostAddress[];

type Lookup = (host: Addresses, values: readonly (string | number)[], found: Found | undefined) => Found;
type Addresses = readonly HostAddress[];

/** Every function by its name. */
export const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ['GetAllInterfaces', (host) => host],
  ['GetDefaultInterfaces', (host) => host.filter(({ isDefault }) => isDefault)],
  ['GetPrivateInterfaces', (host) => privates(host.toSorted(byUsefulness))],
  ['GetPublicInterfaces', (host) => publics(host.toSorted(byUsefulness))],
  ['GetPrivateIP', (host) => privates(host.toSorted(byUsefulness))[0]?.address ?? ''],
  ['GetPrivateIPs', (host) => joined(privates(bySize(host)))],
  ['GetPublicIP', (host) => publics(host.toSorted(byUsefulness))[0]?.address ?? ''],
  ['GetPublicIPs', (host) => joined(publics(bySize(host)))],
  ['GetInterfaceIP', (host, [name]) => bySize(named(host, name).filter(isForwardable))[0]?.address ?? ''],
  ['GetInterfaceIPs', (host, [name]) => joined(bySize(named(host, name)))],
  ['include', (_host, [by, value], found) => listOf(found).filter(selector(by, value))],
  [
    'exclude',
    (_host, [by, value], found) => {
      const isSelected = selector(by, value);
      return listOf(found).filter((address) => !isSelected(address));
    },
  ],
  ['sort', (_host, [by], found) => sorted(listOf(found), `${by}`)],
  ['limit', (_host, [count], found) => listOf(found).slice(0, Number(count))],
  ['offset', (_host, [count], found) => listOf(found).slice(Number(count))],
  ['unique', (_host, [by], found) => unique(listOf(found), `${by}`)],
  [
    'attr',
    (_host, [name], found) =>
      listOf(found)
        .slice(0, 1)
        .map(attribute(`${name}`))
        .join(''),
  ],
  [
    'join',
    (_host, [name, between], found) =>
      listOf(found)
        .map(attribute(`${name}`))
        .join(`${between}`),
  ],
]);

function listOf(found: Found | undefined): Addresses {
  if (found === undefined || typeof found === 'string')
    throw new Error('wrong type of value; expected addresses');
  return found;
}

function privates(addresses: Addresses): Addresses {
  return addresses.filter(({ address, prefixLength }) => isPrivateAddress(`${address}/${prefixLength}`));
}

function publics(addresses: Addresses): Addresses {
  return addresses.filter(({ address }) => !isSpecialAddress(address));
}

function isForwardable({ address }: HostAddress): boolean {
  return isPrivateAddress(address) || !isSpecialAddress(address);
}

function named(addresses: Addresses, name: string | number | undefined): Addresses {
  return addresses.filter(selector('name', name));
}

function joined(addresses: Addresses): string {
  return addresses.map(({ address }) => address).join(' ');
}

function selector(by: string | number | undefined, value: string | number | undefined) {
  const select = selectors.get(`${by}`.toLowerCase());
  if (select === undefined) throw new Error(`invalid include selector ${quote(`${by}`)}`);
  return select(`${value}`);
}

const selectors = new Map<string, (value: string) => (address: HostAddress) => boolean>([
  ['name', (value) => matching(value, ({ interfaceName }) => interfaceName)],
  ['address', (value) => matching(value, ({ address }) => address)],
  ['network', isInNetwork],
  [
    'type',
    (value) => (address) => value.split('|').some((type) => type === 'ip' || type === typeOf(address)),
  ],
  ['flag', isFlagged],
  ['flags', isFlagged],
  ['rfc', (value) => (address) => value === '6890' && isSpecialAddress(address.address)],
  [
    'size',
    (value) =>
      ({ prefixLength }) =>
        prefixLength === Number(value.replace('/', '')),
  ],
]);

/** The operator's expression is RE2's, as in the original. */
function matching(expression: string, textOf: (address: HostAddress) => string) {
  const pattern = compileRe2(expression);
  return (address: HostAddress): boolean => pattern.matches(textOf(address));
}

function isInNetwork(networks: string) {
  const list = new BlockList();
  for (const network of networks.split('|')) {
    const [base = '', length] = network.split('/');
    const type = base.includes(':') ? 'ipv6' : 'ipv4';
    try {
      list.addSubnet(base, Number(length ?? (type === 'ipv6' ? 128 : 32)), type);
    } catch {
      throw new Error(`${quote(network)} is no network; write it like "10.0.0.0/8"`);
    }
  }
  return (address: HostAddress): boolean => list.check(address.address, typeOf(address));
}

/** Only interfaces that are up are looked at. */
function isFlagged(flags: string) {
  const wanted = flags.toLowerCase().split('|');
  const unknown = wanted.find((flag) => !knownFlags.has(flag));
  if (unknown !== undefined) throw new Error(`Unknown interface flag: ${quote(unknown)}`);
  return (address: HostAddress): boolean =>
    wanted.some(
      (flag) =>
        flag === 'up' ||
        (flag === 'forwardable' && isForwardable(address)) ||
        (flag === 'loopback' && address.isLoopback),
    );
}

function typeOf({ address }: HostAddress): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** IPv4 first, larger networks first. */
function bySize(addresses: Addresses): Addresses {
  return sorted(addresses, 'type,size');
}

function sorted(addresses: Addresses, clauses: string): Addresses {
  const orders = clauses.split(',').map((clause) => {
    const written = clause.trim().toLowerCase();
    const rank = ranks.get(written.replace(/^[+-]/, ''));
    if (rank === undefined) throw new Error(`unknown sort type: ${quote(clause)}`);
    return { rank, sign: written.startsWith('-') ? -1 : 1 };
  });
  return addresses.toSorted((a, b) => {
    for (const { rank, sign } of orders) {
      const [left, right] = [rank(a), rank(b)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}

const ranks = new Map<string, (address: HostAddress) => string | number>([
  [
    'address',
    ({ address }) =>
      address
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.'),
  ],
  ['default', ({ isDefault }) => (isDefault ? 0 : 1)],
  ['name', ({ interfaceName }) => interfaceName],
  ['private', ({ address }) => (isPrivateAddress(address) ? 0 : 1)],
  ['size', ({ prefixLength }) => prefixLength],
  ['type', (address) => (typeOf(address) === 'ipv6' ? 1 : 0)],
]);

/** Neighbours with the same value of an attribute become one. */
function unique(addresses: Addresses, name: string): Addresses {
  const textOf = attribute(name);
  return addresses.filter((address, at) => {
    const before = addresses[at - 1];
    return before === undefined || textOf(before) !== textOf(address);
  });
}

function attribute(name: string): (address: HostAddress) => string {
  switch (name.toLowerCase()) {
    case 'address':
    case 'host':
      return ({ address }) => address;
    case 'name':
      return ({ interfaceName }) => interfaceName;
    case 'mask_bits':
      return ({ prefixLength }) => `${prefixLength}`;
    case 'type':
      return (address) => (typeOf(address) === 'ipv6' ? 'IPv6' : 'IPv4');
    default:
      throw new Error(`unable to find attribute name ${quote(name)}; use address, name, mask_bits or type`);
  }
}

const knownFlags: ReadonlySet<string> = new Set(['up', 'forwardable', 'loopback']);
