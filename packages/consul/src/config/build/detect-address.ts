// The address to advertise for an agent that listens on all of them: the only private IPv4 address of the
// machine, or its only public IPv6 address. Upstream: ipaddr/detect.go.

import { BlockList } from 'node:net';
import type { HostAddress } from '@reeve/runtime/node';
import { ConfigError } from '../config-error.ts';

/** What stands for `any`, which is `0.0.0.0` or `::`. @throws ConfigError if there is not exactly one */
export function detectAddress(any: string, addresses: readonly HostAddress[]): string {
  const [kind, candidates] =
    any === '0.0.0.0' ? ['private IPv4', privateIpv4(addresses)] : ['public IPv6', publicIpv6(addresses)];
  const [address, ...others] = candidates;
  if (address === undefined) throw new ConfigError(`No ${kind} address found`);
  if (others.length === 0) return address.address;
  throw new ConfigError(
    `Multiple ${kind} addresses found. Please configure one with 'bind' and/or 'advertise'.`,
  );
}

/** Loopback only counts where there is nothing else. */
function privateIpv4(addresses: readonly HostAddress[]): readonly HostAddress[] {
  const reachable = addresses.filter(({ isLoopback }) => !isLoopback);
  const candidates = reachable.length === 0 ? addresses : reachable;
  return candidates.filter(({ address }) => !address.includes(':') && privateBlocks.check(address, 'ipv4'));
}

function publicIpv6(addresses: readonly HostAddress[]): readonly HostAddress[] {
  return addresses.filter(({ address }) => address.includes(':') && !privateBlocks.check(address, 'ipv6'));
}

const privateBlocks = new BlockList();
for (const [base, length] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
] as const) {
  privateBlocks.addSubnet(base, length, 'ipv4');
}
for (const [base, length] of [
  ['::1', 128],
  ['fe80::', 10],
  ['fc00::', 7],
  ['fec0::', 10],
  ['2001:db8::', 32],
] as const) {
  privateBlocks.addSubnet(base, length, 'ipv6');
}
