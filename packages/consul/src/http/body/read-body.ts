// The body of a request as a value. Fields that nobody knows are refused.

import { decodeJson, type Kind } from '../../json/decode.ts';
import { refuse } from '../refusal.ts';

/** Reads a whole body. One that does not fit is refused with `prefix` and Go's words. */
export function readBody<T>(bytes: Uint8Array, kind: Kind<T>, prefix = 'Request decode failed: '): T {
  try {
    return decodeJson(bytes, kind, true);
  } catch (error) {
    return refuse(prefix + (error as Error).message);
  }
}
