// The body of a request as a value.

import { parseFirstJson } from '@reeve/cli';
import type { Kind } from '../../json/decode.ts';
import { refuse } from '../refusal.ts';

/**
 * Reads a whole body; what follows its first value is ignored, as by Go. A body that does not fit is refused
 * with `prefix` and Go's words.
 */
export function readBody<T>(bytes: Uint8Array, kind: Kind<T>, prefix = 'Request decode failed: '): T {
  try {
    const value = parseFirstJson(bytes, 'exact');
    return value === null ? kind.zero : kind.read(value, { struct: '', field: '' });
  } catch (error) {
    return refuse(prefix + (error as Error).message);
  }
}
