// The body of a request as a value. Fields that nobody knows are refused.

import { decodeJson, type Kind } from '../json/decode.ts';
import { Refusal } from './refusal.ts';

/** Reads a whole body. One that does not fit is refused with `prefix` and Go's words. */
export function readBody<T>(
  bytes: Uint8Array,
  kind: Kind<T>,
  prefix = 'Request decode failed: ',
  status = 400,
): T {
  try {
    return decodeJson(bytes, kind, true);
  } catch (error) {
    throw new Refusal(status, prefix + (error as Error).message, status !== 400);
  }
}
