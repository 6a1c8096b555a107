// Keys as nobody should choose them.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, streamsTo } from '../consul-class.ts';
import { httpRequest } from '../wire/http.ts';
import { call, connectionBytes } from '../wire/server-port.ts';

/** Long, empty, climbing, half an escape, no text at all. */
export const keys: ConsulClass = {
  name: 'keys',
  title: 'keys that are long, empty, climb, or are no text',
  *inputs({ isBrief }) {
    const written = strange.map((key) => httpRequest('PUT', `/v1/kv/${key}`, 'v'));
    const read = strange.map((key) => httpRequest('GET', `/v1/kv/${key}?recurse&keys&separator=%00`));
    const removed = strange.map((key) => httpRequest('DELETE', `/v1/kv/${key}?recurse`));
    for (let times = isBrief ? 1 : 10; times > 0; times--)
      yield* streamsTo('http', [...written, ...read, ...removed]);
    for (const key of [Buffer.alloc(0), Buffer.alloc(5_000_000, 0x2f), Buffer.of(0xff, 0xfe, 0, 0xc3)]) {
      const set = { Datacenter: 'dc1', Op: 'set', DirEnt: { Key: key, Value: null, Flags: 2n ** 64n - 1n } };
      const get = { Datacenter: 'dc1', Key: key, Prefix: key, Seperator: key };
      const calls = [call('KVS.Apply', set), call('KVS.Get', get), call('KVS.ListKeys', get)];
      const removed = call('KVS.Apply', { ...set, Op: 'delete' });
      yield stream('server', [Buffer.of(connectionBytes.single), ...calls, removed]);
    }
  },
};

const strange = [
  '',
  '%',
  '%2',
  '%zz',
  '%00',
  '%ff%fe',
  '../../../etc/passwd',
  '..%2f..%2fetc',
  '//',
  '/'.repeat(10_000),
  'a/'.repeat(20_000),
  '%c3',
  '%ed%a0%80',
  'k'.repeat(100_000),
  '__proto__',
  'constructor/prototype',
  'a?cas=-1&flags=99999999999999999999999',
  'a?acquire=x&release=y',
];
