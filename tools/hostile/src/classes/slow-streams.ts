// Connections that cost the other side more than us: they say nothing, a byte now and then, or stop half-way.

import { type HostileClass, type Input, stream } from '../hostile-class.ts';
import { handshake, nodeState, pushPull, request } from '../wire/messages.ts';

/** Slow-loris streams, 128 at once, to both ports. */
export const slowStreams: HostileClass = {
  name: 'slow-streams',
  title: 'streams that drip, say nothing or stop half-way, 128 at once',
  *inputs({ isBrief }): Iterable<Input> {
    const drops = isBrief ? 20 : 200;
    const list = exchange();
    const talk = Buffer.concat([handshake(), request('event', 1, { Name: 'slow'.repeat(2_000) })]);
    for (let left = 128; left > 0; left--) {
      yield stream('gossip', dripOf(list, drops), dripMs);
      yield stream('rpc', dripOf(talk, drops), dripMs);
    }
    yield { kind: 'pause', ms: drops * dripMs };
    for (let left = 128; left > 0; left--) yield stream('gossip', [list.subarray(0, list.length >> 1)]);
    for (let left = 128; left > 0; left--)
      yield { ...stream('gossip', [list.subarray(0, left)]), isEnded: true };
  },
};

/** The beginning, byte by byte. */
function* dripOf(bytes: Uint8Array, drops: number): Generator<Uint8Array> {
  for (let at = 0; at < drops; at++) yield bytes.subarray(at, at + 1);
}

function exchange(): Buffer {
  const somebody = { name: 'n'.repeat(100), address: Buffer.of(127, 0, 0, 1), port: 9 };
  return pushPull({ Nodes: 1_000 }, ...Array.from({ length: 400 }, () => nodeState(somebody)));
}

const dripMs = 50;
