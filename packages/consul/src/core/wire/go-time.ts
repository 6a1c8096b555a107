// Points in time as Go's `time.MarshalBinary` packs them: 15 bytes, in msgpack a byte string. Byte 1, seconds
// since year 1, nanoseconds, minutes east of UTC (-1: UTC itself). Upstream: Go's time/time.go.

import { type Codec, DecodeError, type MsgpackReader } from '@reeve/bytes';

/** A point in time, to the nanosecond. */
export interface GoTime {
  readonly unixSeconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  /** Minutes east of UTC where it was written; null: UTC. */
  readonly zoneMinutes: number | null;
}

/** Go's zero time, 1 January of year 1: never. */
export const neverTime: GoTime = { unixSeconds: -62_135_596_800, nanoseconds: 0, zoneMinutes: null };

/** A time in a byte string of 15; nil is never. */
export const goTimeCodec: Codec<GoTime> = {
  zero: () => neverTime,
  encode: (writer, time) => writer.bytes(encodeTime(time)),
  decode: (reader) => (reader.readNil() ? neverTime : decodeTime(reader)),
};

/** The fifteen bytes of a time. */
export function encodeTime({ unixSeconds, nanoseconds, zoneMinutes }: GoTime): Uint8Array {
  const bytes = new Uint8Array(timeBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setBigInt64(1, BigInt(unixSeconds - neverTime.unixSeconds));
  view.setUint32(9, nanoseconds);
  view.setInt16(13, zoneMinutes ?? utc);
  return bytes;
}

function decodeTime(reader: MsgpackReader): GoTime {
  const bytes = reader.readBytes(timeBytes);
  if (bytes.length !== timeBytes || bytes[0] !== version)
    throw new DecodeError('malformed', 'not a time of Go');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const zone = view.getInt16(13);
  return {
    unixSeconds: Number(view.getBigInt64(1)) + neverTime.unixSeconds,
    nanoseconds: view.getUint32(9),
    zoneMinutes: zone === utc ? null : zone,
  };
}

const version = 1;
const timeBytes = 15;
const utc = -1;
