// Addresses as names, for questions the other way round: RFC 1035 section 3.5, RFC 3596 section 2.5.

import { formatIp, parseIp } from '@reeve/bytes';

/** The name that stands for an address: `1.0.0.127.in-addr.arpa.`; undefined for a host name. */
export function reverseName(address: string): string | undefined {
  const bytes = parseIp(address);
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return `${[...bytes].reverse().join('.')}.in-addr.arpa.`;
  const digits = [...bytes].flatMap((byte) => [byte >> 4, byte & 0xf]).reverse();
  return `${digits.map((digit) => digit.toString(16)).join('.')}.ip6.arpa.`;
}

/** The address that a name stands for; undefined if it stands for none. */
export function reversedAddress(name: string): string | undefined {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.$/.exec(name);
  if (v4 !== null) return canonical(v4.slice(1).reverse().join('.'));
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa\.$/.exec(name)?.[1];
  const groups = v6?.split('.').reverse().join('').match(/.{4}/g);
  return groups ? canonical(groups.join(':')) : undefined;
}

function canonical(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && formatIp(bytes);
}
