// Numbers of 64 bits in JSON: JSON.parse would round them.

import { JsonMisfit, type Kind, text } from '../json/decode.ts';

/**
 * The same JSON with the numbers of a field in quotes. The name is found in any case, and in no text: there,
 * quotes are escaped.
 */
export function withTextNumbers(json: Uint8Array, field: string): Uint8Array {
  const pattern = new RegExp(`("${field}"\\s*:\\s*)(\\d+)`, 'gi');
  return Buffer.from(Buffer.from(json).toString().replace(pattern, '$1"$2"'));
}

/** Go's `uint64`, in quotes. */
export const bigUint64: Kind<bigint> = {
  zero: 0n,
  read: (value, at) => {
    const digits = text.read(value, at);
    if (/^\d{1,20}$/.test(digits)) return BigInt(digits);
    throw new JsonMisfit(
      `json: cannot unmarshal string into Go struct field ${at.struct}.${at.field} of type uint64`,
    );
  },
};
