// The label layer keeps clusters that share a network apart: `f4 | length u8 | label`, outermost on every
// packet, once at the start of a stream by the side that dialled. Upstream: memberlist label.go (0.3.1 and
// later).
// Next: packet.ts.

import { concatBytes, DecodeError, decodeText, TruncatedError } from '@reeve/bytes';
import { messageTypes } from './message-types.ts';

/** The header of a label; nothing for the empty one. */
export function labelHeader(label: Uint8Array): Uint8Array {
  if (label.length === 0) return label;
  return concatBytes([new Uint8Array([messageTypes.label, label.length]), label]);
}

/** Input without its label header. */
export interface Labelled {
  /** Empty when there was no header. */
  readonly label: string;
  readonly rest: Uint8Array;
}

/**
 * Splits the label header, if any, from a packet or from the start of a stream.
 * @throws TruncatedError when the header is cut off: an error for a packet, a reason to wait for a stream.
 */
export function removeLabel(input: Uint8Array): Labelled {
  if (input[0] !== messageTypes.label) return { label: '', rest: input };
  const labelBytes = input[1];
  if (labelBytes === undefined) throw new TruncatedError(2);
  if (labelBytes === 0) throw new DecodeError('malformed', 'label header cannot be empty when present');
  const end = 2 + labelBytes;
  if (input.length < end) throw new TruncatedError(end);
  return { label: decodeText(input.subarray(2, end)), rest: input.subarray(end) };
}
