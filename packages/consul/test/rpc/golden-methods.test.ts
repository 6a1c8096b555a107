// Every captured call between real agents passes through our codecs unchanged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyValue,
  type Codec,
  decodeAny,
  encodeWith,
  gossipDialect,
  MsgpackReader,
  type MsgpackValue,
} from '@reeve/bytes';
import { readNetRpc } from '@reeve/golden';
import * as methods from '../../dist/rpc/methods/index.js';

const known = new Map(
  [
    methods.catalog,
    methods.coordinate,
    methods.health,
    methods.internal,
    methods.kvs,
    methods.operator,
    methods.session,
    methods.status,
    methods.txn,
  ]
    .flatMap((service) => Object.values(service))
    .map((method) => [method.name, method as methods.Method<unknown, unknown>]),
);

for (const capture of ['client-agent-to-server', 'forwarded-write-follower-to-leader', 'server-to-server']) {
  test(`what real agents say in ${capture} is understood to the last field`, () => {
    const messages = readNetRpc(`rpc/${capture}`).filter(({ error }) => error === '');
    assert.ok(messages.length > 0);
    for (const { kind, method: name, body } of messages) {
      const method = known.get(name);
      assert.ok(method, name);
      const sent = asMsgpack(body);
      assert.deepEqual(throughCodec(kind === 'request' ? method.request : method.reply, sent), sent, name);
    }
  });
}

/** Decodes and encodes, and takes apart again what came out. */
function throughCodec(codec: Codec<unknown>, value: MsgpackValue): MsgpackValue {
  const value2 = codec.decode(new MsgpackReader(encodeWith(anyValue(depthMax), gossipDialect, value)));
  return decodeAny(new MsgpackReader(encodeWith(codec, gossipDialect, value2)), depthMax);
}

function asMsgpack(json: unknown): MsgpackValue {
  if (Array.isArray(json)) return json.map(asMsgpack);
  if (typeof json === 'string') return json.startsWith('hex:') ? rawText(json.slice('hex:'.length)) : json;
  if (typeof json !== 'object' || json === null) return json as MsgpackValue;
  return new Map(Object.entries(json).map(([key, value]) => [key, asMsgpack(value)]));
}

/** Bytes as the text that a reader of raw strings makes of them. */
function rawText(hex: string): MsgpackValue {
  const bytes = Buffer.from(hex, 'hex');
  return decodeAny(new MsgpackReader(Buffer.concat([Buffer.of(0xa0 | bytes.length), bytes])), 1);
}

const depthMax = 32;
