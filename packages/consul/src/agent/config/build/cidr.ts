// Networks as operators write them: `10.0.0.0/8`. Source: Go's net.ParseCIDR.

import { parseIp } from '@reeve/bytes';

/** Whether a text is an address and the length of its network's part. */
export function isCidr(text: string): boolean {
  const [, base = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return parseIp(base) !== undefined && Number(length) <= (base.includes(':') ? 128 : 32);
}
