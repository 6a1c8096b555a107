// What goes before a request and before an answer in Go's net/rpc, as msgpack.
// Upstream: Go's net/rpc (Request, Response), hashicorp/net-rpc-msgpackrpc codec.go.

import { encodeWith, field, gossipDialect, type StructCodec, struct, text, uint64 } from '@reeve/bytes';

/** Before a request's body. */
export interface RequestHeader {
  /** The caller's number for the call; repeated in the answer. */
  readonly seq: number;
  /** `KVS.Get` */
  readonly method: string;
}

/** Before an answer's body. */
export interface ResponseHeader extends RequestHeader {
  /** Empty if the call succeeded; the body of a failed call means nothing. */
  readonly error: string;
}

/** The codec of what goes before a request. */
export const requestHeader: StructCodec<RequestHeader> = struct<RequestHeader>({
  method: field('ServiceMethod', text),
  seq: field('Seq', uint64),
});

/** The codec of what goes before an answer. */
export const responseHeader: StructCodec<ResponseHeader> = struct<ResponseHeader>({
  method: field('ServiceMethod', text),
  seq: field('Seq', uint64),
  error: field('Error', text),
});

/** One value in the dialect of Consul's RPC. */
export function encodeHeader<T>(codec: StructCodec<T>, header: T): Uint8Array {
  return encodeWith(codec, gossipDialect, header);
}

/** The body of an answer that has none: an empty map. */
export const emptyBody = Uint8Array.of(0x80);
