// Texts as keys of ordered tables.
// Go orders texts by their bytes, JavaScript by UTF-16 units. A key is therefore the text's bytes, one
// character each: then the order is Go's, and whatever begins with the bytes of a prefix lies together.
// Names are compared in lower case. Parts of a key end in a zero byte, as in go-memdb.

import { encodeText } from '@reeve/bytes';
import { StateError } from './state-error.ts';

/** The bytes of a text as characters: for most texts the text itself. */
export function byteKey(text: string): string {
  if (asciiOnly.test(text)) return text;
  let key = '';
  for (const byte of encodeText(text)) key += String.fromCharCode(byte);
  return key;
}

/** The key of a name, whose case does not matter. */
export function nameKey(name: string): string {
  return `${byteKey(name.toLowerCase())}\0`;
}

/** The key of a thing that has a name of its own on a node: a service, a check, a coordinate. */
export function onNodeKey(node: string, name: string): string {
  return nameKey(node) + nameKey(name);
}

/** The key of an operation that writes a command in parts. */
export function chunkKey(operation: bigint): string {
  return operation.toString(16).padStart(16, '0');
}

/** The key of a UUID: its hex digits. @throws StateError for what is none, as a lookup upstream does. */
export function uuidKey(id: string): string {
  if (id.length !== 36) throw new StateError('index error: UUID must be 36 characters');
  return uuidPrefixKey(id);
}

/** The key of a UUID's beginning. @throws StateError for what no UUID begins with. */
export function uuidPrefixKey(id: string): string {
  const digits = id.replaceAll('-', '');
  const hyphens = id.length - digits.length;
  if (hyphens > 4) throw new StateError(`index error: UUID should have maximum of 4 "-"; got ${hyphens}`);
  if (digits.length % 2 !== 0) {
    throw new StateError('index error: Input (without hyphens) must be even length');
  }
  const wrong = /[^0-9a-f]/iu.exec(digits)?.[0];
  if (wrong !== undefined) throw new StateError(`index error: Invalid UUID: ${invalidByte(wrong)}`);
  return digits.toLowerCase();
}

/** What Go's encoding/hex says of a character that is no digit; it looks at bytes only. */
export function invalidByte(character: string): string {
  const byte = encodeText(character)[0] ?? 0;
  const shown = byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `'\\x${hex(byte, 2)}'`;
  return `encoding/hex: invalid byte: U+${hex(byte, 4).toUpperCase()} ${shown}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

const asciiOnly = /^[\0-\x7f]*$/;
