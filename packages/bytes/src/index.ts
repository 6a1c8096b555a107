// Everything the package offers: the wire dialects as pure functions over bytes.
// Decoders are total: on any input they return a value or throw a DecodeError. Signatures contain only
// Uint8Array, string, number and boolean, so the protocol cores can be compiled without Node's types.

export { AesKey, KeySizeError, nonceBytes } from './aes-gcm.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { compareBytes, concatBytes, copyBytes, equalBytes } from './byte-array.ts';
export { bytesKept, bytesToKeep } from './byte-text.ts';
export { crc32 } from './crc32.ts';
export { DecodeError, type DecodeErrorCode, TruncatedError } from './decode-error.ts';
export { formatIp, isIp, parseIp } from './ip-address.ts';
export { lzwDecode } from './lzw-decode.ts';
export { lzwEncode } from './lzw-encode.ts';
export { decodeAny, encodeAny, type MsgpackValue } from './msgpack-any.ts';
export {
  anyValue,
  bigUint64,
  boolean,
  bytes,
  type Codec,
  encodeWith,
  float64,
  int32,
  int64,
  list,
  nearestInt64,
  nilable,
  nilableBytes,
  nilableList,
  text,
  textMap,
  uint8,
  uint16,
  uint32,
  uint64,
} from './msgpack-codec.ts';
export { MsgpackObjectStream } from './msgpack-object-stream.ts';
export { encodeInPieces, type Pieces } from './msgpack-pieces.ts';
export { MsgpackReader } from './msgpack-reader.ts';
export {
  type Field,
  field,
  type Omittable,
  optionalField,
  type StructCodec,
  type StructFields,
  struct,
} from './msgpack-struct.ts';
export { gossipDialect, type MsgpackDialect, MsgpackWriter, rpcDialect } from './msgpack-writer.ts';
export { pkcs7Pad, pkcs7Unpad } from './pkcs7.ts';
export { decodeText, encodeText, textByteLength } from './text.ts';
