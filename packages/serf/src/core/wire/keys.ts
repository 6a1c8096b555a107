// Key requests and their answers (types 7 and 8), the payloads of internal queries and their responses.

import {
  boolean,
  bytes,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  list,
  MsgpackReader,
  struct,
  text,
} from '@reeve/bytes';
import { messageTypes, type NodeKeyResponse } from '../messages.ts';

/** The whole payload, type byte included. Listing keys has an empty key. */
export function encodeKeyRequest(key: Uint8Array): Uint8Array {
  return encodeWith(keyRequest, gossipDialect, { key }, messageTypes.keyRequest);
}

/** @throws DecodeError */
export function decodeKeyRequest(payload: Uint8Array): Uint8Array {
  return keyRequest.decode(new MsgpackReader(payload, 1)).key;
}

/** The whole payload, type byte included. */
export function encodeKeyResponse(response: NodeKeyResponse): Uint8Array {
  return encodeWith(keyResponse, gossipDialect, response, messageTypes.keyResponse);
}

/** @throws DecodeError */
export function decodeKeyResponse(payload: Uint8Array): NodeKeyResponse {
  return keyResponse.decode(new MsgpackReader(payload, 1));
}

/** Bounded by the message; a key takes at least a byte. */
const keysMax = 65_536;

const keyRequest = struct<{ readonly key: Uint8Array }>({ key: field('Key', bytes) });

const keyList = list(text, keysMax);
/** No keys are nil, as in Go. */
const keys: Codec<readonly string[]> = {
  ...keyList,
  encode: (writer, value) => (value.length === 0 ? writer.nil() : keyList.encode(writer, value)),
};

const keyResponse = struct<NodeKeyResponse>({
  succeeded: field('Result', boolean),
  message: field('Message', text),
  keys: field('Keys', keys),
  primaryKey: field('PrimaryKey', text),
});
