// Clients that mean harm, or are broken: bodies without end, requests without pause, streams that nobody
// reads.

import { type HostileClass, type Input, rpc, stream } from '../hostile-class.ts';
import { deep, handshake, noise, request } from '../wire/messages.ts';
import { withUint } from '../wire/pack.ts';

/** Everything a client can do to an agent short of `leave`. */
export const rpcGarbage: HostileClass = {
  name: 'rpc-garbage',
  title: 'RPC: bodies without end, floods of requests, subscriptions that nobody reads',
  *inputs({ isBrief }): Iterable<Input> {
    const mebibytes = isBrief ? 8 : 256;
    for (const head of [0xdb, 0xc6, 0xdd, 0xdf]) {
      const opening = Buffer.concat([handshake(), request('event', 1), withUint(head, 2 ** 32 - 1, 4)]);
      yield stream('rpc', endless(opening, mebibytes));
    }
    yield stream('rpc', endless(handshake(), mebibytes));
    yield* rpc(
      ['event', 'respond', 'query'].map((command) => Buffer.concat([handshake(), request(command, 1), deep])),
    );
    const floods = [request('members', 1), request('stats', 2), request('list-keys', 3)];
    for (const flood of floods) yield stream('rpc', repeated(handshake(), flood, isBrief ? 2_000 : 20_000));
    for (let left = 300; left > 0; left--)
      yield stream('rpc', [Buffer.concat([handshake(), ...subscriptions])]);
    for (let left = 300; left > 0; left--) yield stream('rpc', []);
  },
};

/** An opening, then noise. */
function* endless(opening: Uint8Array, mebibytes: number): Generator<Uint8Array> {
  yield opening;
  const chunk = noise(65_536, 1);
  for (let left = mebibytes * 16; left > 0; left--) yield chunk;
}

function* repeated(opening: Uint8Array, part: Uint8Array, times: number): Generator<Uint8Array> {
  yield opening;
  const hundred = Buffer.concat(Array.from({ length: 100 }, () => part));
  for (let left = times; left > 0; left -= 100) yield hundred;
}

const subscriptions = [
  ...[1, 2, 3].map((seq) => request('stream', seq, { Type: '*' })),
  request('monitor', 4, { LogLevel: 'TRACE' }),
  request('query', 5, { Name: 'unread', RequestAck: true, Timeout: 5e9 }),
  request('stop', 6, { Stop: 2n ** 64n - 1n }),
  request('respond', 2n ** 64n - 1n, { ID: 2n ** 64n - 1n, Payload: null }),
  request('get-coordinate', 8, { Node: 'x'.repeat(70_000) }),
  request('members-filtered', 9, { Name: '(a+)+$', Status: '[', Tags: {} }),
];
