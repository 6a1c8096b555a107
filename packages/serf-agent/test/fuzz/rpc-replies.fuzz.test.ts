// What an agent sends is decoded by the client or refused with a DecodeError, and printed without a hitch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Codec, DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { captureNames, readRpc } from '@reeve/golden';
import { eventLines } from '../../dist/cli/go-syntax.js';
import { replyHeader } from '../../dist/rpc/wire/headers.js';
import { logRecord, queryRecord } from '../../dist/rpc/wire/records.js';
import {
  coordinateReply,
  joinReply,
  keyReply,
  membersReply,
  statsReply,
} from '../../dist/rpc/wire/replies.js';
import { splitObjects } from '../rpc/conversation.ts';

const replies = captureNames('rpc')
  .flatMap((name) => readRpc(name.replace('rpc/', '')))
  .flatMap(({ responses }) => responses.filter(({ cutBytes }) => cutBytes === 0).map(({ bytes }) => bytes));

test('a stream of replies comes apart into objects, or is refused', () => {
  const counts = fuzzTarget({
    name: 'MsgpackObjectStream',
    seeds: replies,
    run(input) {
      const stream = new MsgpackObjectStream(4096);
      for (let at = 0; at < input.length; at += 61) {
        stream.push(input.subarray(at, at + 61));
        while (stream.next() !== undefined);
        assert.ok(stream.bufferedBytes <= 4096);
      }
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('any object is a header, a reply, a record and an event, or is refused', () => {
  const codecs: readonly Pick<Codec<unknown>, 'decode'>[] = [
    replyHeader,
    membersReply,
    keyReply,
    joinReply,
    statsReply,
    coordinateReply,
    logRecord,
    queryRecord,
  ];
  const readers = [
    ...codecs.map((codec) => (input: Uint8Array) => codec.decode(new MsgpackReader(input))),
    eventLines,
  ];
  const seeds = replies.flatMap(splitObjects);
  let turn = 0;
  const counts = fuzzTarget({
    name: 'replies and records',
    seeds,
    run: (input) => void readers[turn++ % readers.length]?.(input),
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});
