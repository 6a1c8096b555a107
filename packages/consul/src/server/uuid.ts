// Ids that nobody has had: 16 random bytes as a UUID. Upstream: hashicorp/go-uuid, which marks no version
// either.

import type { Random } from '@reeve/runtime';

/** A new id; chance makes it unique. */
export function newUuid(random: Random): string {
  const digits = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
