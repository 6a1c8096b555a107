// The headers in front of every request, reply and record, and the sequence number that ties them together.
//
// Upstream: cmd/serf/command/agent/ipc.go (requestHeader, responseHeader). A field that a request header
// leaves out keeps the value it had in the request before (`decodeOver`): upstream decodes every header into
// the same struct.
// Next: requests.ts, replies.ts, records.ts.

import {
  type Codec,
  DecodeError,
  field,
  type MsgpackReader,
  type MsgpackWriter,
  struct,
  text,
} from '@reeve/bytes';

/** In front of a request. */
export interface RequestHeader {
  readonly command: string;
  readonly seq: bigint;
}

/** In front of a reply, and of each record of a stream with the number of the request that began it. */
export interface ReplyHeader {
  readonly seq: bigint;
  /** Empty for success. */
  readonly error: string;
}

/**
 * A sequence number: the client's choice of 64 bits, which we only compare and give back. It is a bigint
 * because half of them are no safe integers.
 */
export const seqCodec: Codec<bigint> = {
  zero: () => 0n,
  encode(writer: MsgpackWriter, value: bigint): void {
    if (value <= Number.MAX_SAFE_INTEGER) writer.integer(Number(value));
    else {
      writer.byte(uint64Tag);
      for (let shift = 56n; shift >= 0n; shift -= 8n) writer.byte(Number((value >> shift) & 0xffn));
    }
  },
  decode(reader: MsgpackReader): bigint {
    if (reader.readNil()) return 0n;
    if (reader.buffer[reader.offset] !== uint64Tag) {
      const value = reader.readInteger();
      if (value < 0) throw new DecodeError('malformed', `${value} is not a sequence number`);
      return BigInt(value);
    }
    const start = reader.offset + 1;
    reader.skip();
    return reader.buffer
      .subarray(start, reader.offset)
      .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  },
};

/** See {@link RequestHeader}. */
export const requestHeader = struct<RequestHeader>({
  command: field('Command', text),
  seq: field('Seq', seqCodec),
});

/** See {@link ReplyHeader}. */
export const replyHeader = struct<ReplyHeader>({
  seq: field('Seq', seqCodec),
  error: field('Error', text),
});

const uint64Tag = 0xcf;
