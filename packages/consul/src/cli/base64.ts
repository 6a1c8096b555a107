// Base64 with the complaints of Go's decoder.

import { decodeBase64 } from '@reeve/bytes';

/** The bytes of a text. @throws Error in Go's words: `illegal base64 data at input byte 0` */
export function decodeGoBase64(text: string): Uint8Array {
  const letters = text.replace(/[\r\n]/g, '');
  const bytes = decodeBase64(letters);
  if (bytes !== undefined) return bytes;
  const good = /^[A-Za-z0-9+/]*/.exec(letters)?.[0].length ?? 0;
  throw new Error(`illegal base64 data at input byte ${good}`);
}
