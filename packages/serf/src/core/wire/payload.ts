// Payloads of events, queries and answers: Go's nil-able byte slices. Nobody tells nil from empty, so we hold
// one kind of empty and write it as nil, as the original does whenever no payload was given.

import { bytes, type Codec } from '@reeve/bytes';

/** A byte string whose emptiness is written as nil. */
export const payload: Codec<Uint8Array> = {
  ...bytes,
  encode: (writer, value) => (value.length === 0 ? writer.nil() : bytes.encode(writer, value)),
};
