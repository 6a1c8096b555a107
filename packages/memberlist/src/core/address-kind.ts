// What kind of address an address is. RFC 6890 and its registries, as far as go-sockaddr, which upstream
// asks, counts them as not forwardable to the internet. Next: start.ts.

import { parseIp } from '@reeve/bytes';

/** `0.0.0.0` or `::`: all addresses of the machine. */
export function isUnspecifiedAddress(host: string): boolean {
  return parseIp(host)?.every((byte) => byte === 0) ?? false;
}

/** Whether traffic to this address stays off the public internet. */
export function isPrivateAddress(host: string): boolean {
  const address = parseIp(host);
  if (!address) return false;
  return privateNetworks.some(([network, bits]) => startsWith(address, parseIp(network), bits));
}

function startsWith(address: Uint8Array, network: Uint8Array | undefined, bits: number): boolean {
  if (network?.length !== address.length) return false;
  return address.every((byte, index) => {
    const bitsHere = Math.min(8, Math.max(0, bits - 8 * index));
    const mask = (0xff << (8 - bitsHere)) & 0xff;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

const privateNetworks: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
];
