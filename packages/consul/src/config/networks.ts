// Networks as operators write them (`10.0.0.0/8`), and who is in one. Source: Go's net.ParseCIDR.

import { BlockList, isIPv6 } from 'node:net';
import { parseIp } from '@reeve/bytes';

/** Whether a text is an address and the length of its network's part. */
export function isCidr(text: string): boolean {
  const [, base = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return parseIp(base) !== undefined && Number(length) <= (base.includes(':') ? 128 : 32);
}

/** Whether an address lies in one of the networks, which the configuration has checked. */
export function isInNetworks(host: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
