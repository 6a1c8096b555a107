// The address of a node or service, which may also be a host name. Upstream: Go 1.15's net.ParseIP.

import { parseIp } from '@reeve/bytes';

/** 4 or 16 bytes; undefined if it is a host name. Zeros before a number mean nothing: `10.0.0.01`. */
export function parseAddress(text: string): Uint8Array | undefined {
  return parseIp(text) ?? (dotted.test(text) ? parseIp(text.replace(leadingZeros, '')) : undefined);
}

const dotted = /^[\d.]+$/;
const leadingZeros = /(?<!\d)0+(?=\d)/g;
