// The objects of RPC, both ways: decoded or refused with a DecodeError, and printed without a hitch.

import assert from 'node:assert/strict';
import { type Codec, DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { captureNames, readRpc } from '@reeve/golden';
import { eventLines } from '../../dist/cli/go-syntax.js';
import { replyHeader, requestHeader } from '../../dist/rpc/wire/headers.js';
import { logRecord, queryRecord } from '../../dist/rpc/wire/records.js';
import {
  coordinateReply,
  joinReply,
  keyReply,
  membersReply,
  statsReply,
} from '../../dist/rpc/wire/replies.js';
import {
  authRequest,
  coordinateRequest,
  eventRequest,
  forceLeaveRequest,
  handshakeRequest,
  joinRequest,
  keyRequest,
  membersFilteredRequest,
  monitorRequest,
  queryRequest,
  respondRequest,
  stopRequest,
  streamRequest,
  tagsRequest,
} from '../../dist/rpc/wire/requests.js';
import { splitObjects } from '../rpc/conversation.ts';

const exchanges = captureNames('rpc').flatMap((name) => readRpc(name.replace('rpc/', '')));
const requests = exchanges
  .filter(({ responses }) => responses.length > 0) // the others are nonsense
  .map(({ request }) => request.bytes);
const replies = exchanges.flatMap(({ responses }) =>
  responses.filter(({ cutBytes }) => cutBytes === 0).map(({ bytes }) => bytes),
);
const refuses = (error: unknown) => error instanceof DecodeError;

const stream: FuzzTarget = {
  name: 'RPC streams',
  promise: 'a stream of replies comes apart into objects, or is refused',
  seeds: replies,
  open: () => ({
    run: (input) => {
      const objects = new MsgpackObjectStream(4096);
      for (let at = 0; at < input.length; at += 61) {
        objects.push(input.subarray(at, at + 61));
        while (objects.next() !== undefined);
        assert.ok(objects.bufferedBytes <= 4096);
      }
    },
  }),
  refuses,
};

export const rpcObjectTargets: readonly FuzzTarget[] = [
  stream,
  objects('RPC requests', requests.flatMap(splitObjects), [
    ...[requestHeader, handshakeRequest, authRequest, eventRequest, forceLeaveRequest, joinRequest],
    ...[membersFilteredRequest, keyRequest, monitorRequest, streamRequest, stopRequest, tagsRequest],
    ...[queryRequest, respondRequest, coordinateRequest],
  ]),
  objects('RPC replies', replies.flatMap(splitObjects), [
    ...[replyHeader, membersReply, keyReply, joinReply, statsReply, coordinateReply],
    ...[logRecord, queryRecord],
    { decode: (reader) => eventLines(reader.buffer) },
  ]),
];

/** Each input is read as each kind of object; nothing on the wire says which it is. */
function objects(
  name: string,
  seeds: readonly Uint8Array[],
  codecs: readonly Pick<Codec<unknown>, 'decode'>[],
): FuzzTarget {
  const isDecoded = (input: Uint8Array, codec: Pick<Codec<unknown>, 'decode'>): boolean => {
    try {
      codec.decode(new MsgpackReader(input));
      return true;
    } catch (error) {
      if (error instanceof DecodeError) return false;
      throw error;
    }
  };
  const run = (input: Uint8Array) => {
    const decoded = codecs.filter((codec) => isDecoded(input, codec));
    if (decoded.length === 0) throw new Refused();
  };
  return { name, promise: `${name} of any kind are decoded or refused`, seeds, open: () => ({ run }) };
}
