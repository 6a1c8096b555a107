// Tags as a node's meta: byte 0xff and a map. Before protocol 3 there was only a role: meta is its bare text.
// Upstream: serf.go (encodeTags, decodeTags).

import {
  DecodeError,
  decodeText,
  encodeText,
  encodeWith,
  gossipDialect,
  MsgpackReader,
  text,
  textMap,
} from '@reeve/bytes';
import type { Tags } from '../member.ts';

/** Tags found in a node's meta, and what was wrong with it, if anything. */
export interface DecodedTags {
  readonly tags: Tags;
  readonly error?: DecodeError | undefined;
}

/** The meta of a node with these tags; of old protocols the role alone. */
export function encodeTags(tags: Tags, protocolVersion: number): Uint8Array {
  if (protocolVersion < tagsProtocolVersion) return encodeText(tags.get('role') ?? '');
  return encodeWith(tagMap, gossipDialect, tags, tagsMagic);
}

/** Total: any meta has tags, broken ones as far as they can be read. No meta at all is an empty role. */
export function decodeTags(meta: Uint8Array): DecodedTags {
  if (meta[0] !== tagsMagic) return { tags: new Map([['role', decodeText(meta)]]) };
  const reader = new MsgpackReader(meta, 1);
  const tags = new Map<string, string>();
  try {
    if (reader.readNil()) return { tags };
    for (let left = reader.readMapHeader(); left > 0; left--) {
      const key = text.decode(reader);
      tags.set(key, text.decode(reader));
    }
    return { tags };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { tags, error };
  }
}

/** The most bytes encoded tags may have: memberlist's bound for a node's meta. */
export const tagsBytesMax = 512;

const tagsProtocolVersion = 3;
const tagsMagic = 0xff;
const tagMap = textMap(text, tagsBytesMax);
