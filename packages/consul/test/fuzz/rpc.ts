// What is fuzzed of the server port: the requests of all methods, and whole connections.

import assert from 'node:assert/strict';
import { DecodeError, encodeWith, gossipDialect, MsgpackReader } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import type { NetworkStream, StreamHandler } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import type { Method } from '../../dist/rpc/methods/index.js';
import * as methods from '../../dist/rpc/methods/index.js';
import { encodeHeader, requestHeader } from '../../dist/rpc/net-rpc/headers.js';
import type { ServeCall } from '../../dist/rpc/net-rpc/served-stream.js';
import { listenForCalls } from '../../dist/rpc/server-port.js';
import { encodeFrame } from '../../dist/rpc/yamux/frame.js';
import { usualPortLimits } from '../kit/usual-settings.js';

const groups = [
  ...[methods.catalog, methods.health, methods.internal, methods.kvs],
  ...[methods.operator, methods.session, methods.status, methods.txn, methods.coordinate],
];
const all = groups.flatMap((group) => Object.values(group) as Method<unknown, unknown>[]);
const emptyMap = Uint8Array.of(0x80);

const requests: FuzzTarget = {
  name: 'RPC requests',
  promise: 'a damaged request of any method is refused, or can be written and read again',
  seeds: all.map(({ request }, at) => {
    const least = request.decode(new MsgpackReader(emptyMap));
    return Buffer.concat([Uint8Array.of(at), encodeWith(request, gossipDialect, least)]);
  }),
  open: () => ({
    run: (input) => {
      const method = all[(input[0] ?? 0) % all.length];
      assert.ok(method !== undefined);
      const { request } = method;
      const encoded = encodeWith(request, gossipDialect, request.decode(new MsgpackReader(input, 1)));
      const again = request.decode(new MsgpackReader(encoded));
      assert.deepEqual(encodeWith(request, gossipDialect, again), encoded);
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

const call = Buffer.concat([encodeHeader(requestHeader, { seq: 1, method: 'Status.Ping' }), emptyMap]);
const framed = (flags: number, streamId: number, payload: Uint8Array) =>
  encodeFrame({ type: 'data', flags, streamId, length: payload.length }, payload);

const connections: FuzzTarget = {
  name: 'connections to the server port',
  promise: 'damaged calls are answered alike in any pieces, and a connection whose client has gone is over',
  seeds: [
    Buffer.concat([Uint8Array.of(0), call, call]),
    Buffer.concat([Uint8Array.of(4), framed(1, 1, call), framed(0, 1, call), framed(4, 1, new Uint8Array())]),
    Buffer.concat([
      ...[Uint8Array.of(4), framed(1, 1, call.subarray(0, 9)), framed(1, 3, call)],
      ...[framed(0, 1, call.subarray(9)), encodeFrame({ type: 'ping', flags: 1, streamId: 0, length: 7 })],
      encodeFrame({ type: 'window-update', flags: 0, streamId: 3, length: 1_000 }),
      encodeFrame({ type: 'go-away', flags: 0, streamId: 0, length: 0 }),
    ]),
  ],
  open: () => ({
    run: (input) => {
      const half = input.length >> 1;
      assert.equal(converse(input.subarray(0, half), input.subarray(half)), converse(input));
    },
  }),
};

/** What a client that sends these pieces, and then goes, is sent; as hex. */
function converse(...pieces: readonly Uint8Array[]): string {
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  let sent = '';
  let isOver = false;
  const stream: NetworkStream = {
    remote: { host: '10.0.0.2', port: 1 },
    isFull: false,
    write: (bytes) => {
      if (!isOver) sent += Buffer.from(bytes).toString('hex');
    },
    writeAll(pieces) {
      for (const piece of pieces) this.write(piece);
    },
    end() {},
    destroy: () => {
      isOver = true;
    },
    pause() {},
    resume() {},
  };
  const serve: ServeCall = ({ body }, answer) => {
    answer({ ok: true, value: () => body });
    return () => {};
  };
  const nobody: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };
  const handlers = { serve, acceptRaft: () => nobody, acceptSnapshot: () => nobody };
  let handler = nobody;
  const listen: typeof runtime.network.listen = (_at, accept) => {
    handler = accept(stream);
  };
  const network = Object.create(runtime.network, { listen: { value: listen } });
  listenForCalls({ ...runtime, network }, stream.remote, handlers, usualPortLimits, () => {});
  for (const piece of pieces) if (!isOver) handler.onData(piece.slice());
  if (!isOver) handler.onEnd();
  handler.onClosed();
  return sent;
}

/** All of them. */
export const rpcTargets: readonly FuzzTarget[] = [requests, connections];
