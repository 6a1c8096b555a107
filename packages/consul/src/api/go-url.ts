// URLs as Go's net/url writes them, which servers log and tests compare.

import { encodeText } from '@reeve/bytes';

/** What is asked of a path; what is undefined is left out, a list is given again and again. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A path with what cannot stand in one escaped (URL.EscapedPath). */
export function escapePath(path: string): string {
  return escapeBytes(path, isPathByte);
}

/** A host as it stands in the URL of an error: the slashes of a socket's path are escaped. */
export function escapeHost(host: string): string {
  return escapeBytes(host, isHostByte);
}

/** Arguments in the order of their names (url.Values.Encode), without the `?`. */
export function encodeQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, given]) => {
    const values = given === undefined ? [] : [given].flat();
    return values.map((value) => ({ name, value }));
  });
  return pairs
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    .map(({ name, value }) => `${escapeArgument(name)}=${escapeArgument(value)}`)
    .join('&');
}

function escapeArgument(text: string): string {
  return escapeBytes(text, isPlainByte).replaceAll('%20', '+');
}

function escapeBytes(text: string, isKept: (character: string) => boolean): string {
  const bytes = encodeText(text);
  let escaped = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    escaped += isKept(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function isPlainByte(character: string): boolean {
  return /[A-Za-z0-9\-_.~]/.test(character);
}

function isPathByte(character: string): boolean {
  return isPlainByte(character) || '$&+,/:;=@'.includes(character);
}

function isHostByte(character: string): boolean {
  return isPlainByte(character) || '!$&\'()*+,;=:[]<>"'.includes(character);
}
