// Msgpack that is passed on as it came, byte for byte.

import { type Codec, copyBytes, textMap } from '@reeve/bytes';
import type { RawFields } from '../records/index.ts';
import { recordElementsMax } from './limits.ts';

/** Any value, unread; it is as large as its bytes, however it is nested. */
export const rawValue: Codec<Uint8Array> = {
  zero: () => nil,
  encode: (writer, value) => writer.raw(value),
  decode: (reader) => {
    const start = reader.offset;
    reader.skip();
    return copyBytes(reader.buffer, start, reader.offset);
  },
};

/** The fields of a struct, each unread. */
export const rawFields: Codec<RawFields> = textMap(rawValue, recordElementsMax);

const nil = Uint8Array.of(0xc0);
