// Connections that cost the other side more than us, to every port: silent, dripping, half of something.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, pause } from '../consul-class.ts';
import { httpRequest } from '../wire/http.ts';
import {
  appendFields,
  call,
  connectionBytes,
  multiplexed,
  raftQuestion,
  raftTypes,
  said,
} from '../wire/server-port.ts';

/** As many at once as may be. */
export const slowConnections: ConsulClass = {
  name: 'slow-connections',
  title: 'connections that drip, say nothing or stop half-way, 90 at once to every port',
  *inputs({ isBrief }) {
    const drops = isBrief ? 20 : 300;
    const beginnings = [
      [
        'server',
        multiplexed(said(1, call('Catalog.ListNodes', { Datacenter: 'dc1', Filter: 'x'.repeat(900) }))),
      ],
      [
        'server',
        Buffer.concat([Buffer.of(connectionBytes.raft), raftQuestion(raftTypes.append, appendFields())]),
      ],
      ['server', Buffer.concat([Buffer.of(connectionBytes.snapshot, 0x84), Buffer.alloc(900, 0x81)])],
      ['http', httpRequest('PUT', '/v1/kv/drip', 'x'.repeat(900))],
      ['dns', Buffer.concat([Buffer.of(3, 0xff), Buffer.alloc(900)])],
      ['lan', Buffer.concat([Buffer.of(6, 0x83), Buffer.alloc(900, 0xa1)])],
      ['wan', Buffer.concat([Buffer.of(6, 0x83), Buffer.alloc(900, 0xa1)])],
    ] as const;
    for (const [port, bytes] of beginnings) {
      for (let left = 45; left > 0; left--) yield stream(port, dripOf(bytes, drops), dripMs);
      for (let left = 45; left > 0; left--) yield stream(port, [bytes.subarray(0, left * 7)]);
    }
    yield pause(drops * dripMs);
  },
};

/** The beginning, byte by byte. */
function* dripOf(bytes: Uint8Array, drops: number): Generator<Uint8Array> {
  for (let at = 0; at < drops; at++) yield bytes.subarray(at, at + 1);
}

const dripMs = 50;
