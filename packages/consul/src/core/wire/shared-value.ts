// A value that nearly every record has is kept once for all.
// Most checks have no definition and most services nothing of the mesh, yet each carries twenty empty fields
// of them on the wire. Their bytes are always the same, so they are recognised before anything is decoded.

import { type Codec, encodeWith, gossipDialect, type MsgpackReader } from '@reeve/bytes';

/** The codec, except that bytes which are those of `usual` are read as `usual` itself. */
export function shared<T>(codec: Codec<T>, usual: T): Codec<T> {
  return sharedBytes(codec, usual, encodeWith(codec, gossipDialect, usual));
}

/** The codec, except that `usual` is written as `bytes`, and these are read as `usual` itself. */
export function sharedBytes<T>(codec: Codec<T>, usual: T, bytes: Uint8Array): Codec<T> {
  return {
    zero: () => usual,
    encode: (writer, value) => (value === usual ? writer.raw(bytes) : codec.encode(writer, value)),
    decode: (reader) => {
      if (!isNext(reader, bytes)) return codec.decode(reader);
      reader.offset += bytes.length;
      return usual;
    },
  };
}

function isNext({ buffer, offset }: MsgpackReader, bytes: Uint8Array): boolean {
  if (offset + bytes.length > buffer.length) return false;
  for (let i = 0; i < bytes.length; i++) if (buffer[offset + i] !== bytes[i]) return false;
  return true;
}
