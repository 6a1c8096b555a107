// IP addresses in messages: 4 or 16 raw bytes. Anything else cannot be answered and is refused.

import { bytes, type Codec, DecodeError, formatIp, parseIp } from '@reeve/bytes';

/** An IP address as canonical text; a message without one is refused when it is decoded. */
export const ipAddress: Codec<string> = {
  zero: () => '',
  encode: (writer, host) => {
    const address = parseIp(host);
    if (address === undefined) throw new RangeError(`'${host}' is not an IP address`);
    bytes.encode(writer, address);
  },
  decode: (reader) => {
    const address = bytes.decode(reader);
    const host = formatIp(address);
    if (host === undefined) throw new DecodeError('malformed', `an IP address of ${address.length} bytes`);
    return host;
  },
};

/** For after decoding a struct: whether the address was there at all. */
export function requireHost(host: string): string {
  if (host === '') throw new DecodeError('malformed', 'an IP address of 0 bytes');
  return host;
}
