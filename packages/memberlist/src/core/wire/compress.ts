// The compression layer: a message of type 9 holds another one, LZW-packed. Upstream: memberlist util.go
// (compressPayload, decompressPayload). Next: checksum.ts.

import { DecodeError, lzwDecode, lzwEncode, type MsgpackReader, TruncatedError } from '@reeve/bytes';
import { compressedCodec, encodeMessage } from './messages.ts';

/** The message of type 9 that holds `message`, whether or not it is smaller. */
export function compressMessage(message: Uint8Array): Uint8Array {
  return encodeMessage('compress', compressedCodec, { algorithm: lzwAlgorithm, buffer: lzwEncode(message) });
}

/**
 * What a message of type 9 holds; `reader` stands behind the type byte.
 * @throws DecodeError when it is no valid LZW, more than `plainBytesMax`, or nothing.
 */
export function decompressBody(reader: MsgpackReader, plainBytesMax: number): Uint8Array {
  const { algorithm, buffer } = compressedCodec.decode(reader);
  if (algorithm !== lzwAlgorithm) {
    throw new DecodeError('malformed', `Cannot decompress unknown algorithm ${algorithm}`);
  }
  const plain = unpack(buffer, plainBytesMax);
  if (plain.length === 0) throw new DecodeError('malformed', 'decompressed message is empty');
  return plain;
}

/** All that was sent of the buffer is there: where it ends early, waiting for more would not help. */
function unpack(buffer: Uint8Array, plainBytesMax: number): Uint8Array {
  try {
    return lzwDecode(buffer, plainBytesMax);
  } catch (error) {
    throw error instanceof TruncatedError ? new DecodeError('truncated', 'unexpected EOF') : error;
  }
}

const lzwAlgorithm = 0;
