// Clients that ask for much and take nothing of it, and others that wait by the thousand. No connection of an
// attack is ever read.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, pause } from '../consul-class.ts';
import { httpRequest } from '../wire/http.ts';
import { call, frame, frameTypes, multiplexed, said } from '../wire/server-port.ts';

/** Large answers that nobody reads, and waiting queries without number. */
export const unreadAnswers: ConsulClass = {
  name: 'unread-answers',
  title: 'large answers that nobody takes, and queries that wait by the thousand',
  *inputs({ isBrief }) {
    const value = Buffer.alloc(500_000, 0x61);
    for (let key = 0; key < 40; key++)
      yield stream('http', [httpRequest('PUT', `/v1/kv/large/${key}`, value)]);
    yield pause(1_000);
    const connections = isBrief ? 20 : 80;
    for (let left = connections; left > 0; left--)
      yield stream('server', [multiplexed(...asked(20, {}), ...windows(20))]);
    for (let left = connections; left > 0; left--)
      yield stream('http', [httpRequest('GET', '/v1/kv/large/?recurse&raw')]);
    for (let left = connections; left > 0; left--) yield stream('http', [httpRequest('GET', '/v1/snapshot')]);
    const waiting = isBrief ? 2_000 : 16_000;
    const until = { MinQueryIndex: 1_000_000, MaxQueryTime: 6e11 };
    for (let left = 4; left > 0; left--)
      yield stream('server', [multiplexed(...asked(waiting, until), ...windows(waiting))]);
    yield pause(1_000);
    for (let key = 0; key < 3; key++)
      yield stream('http', [httpRequest('PUT', `/v1/kv/large/${key}`, value)]);
    yield pause(3_000);
    yield stream('http', [httpRequest('DELETE', '/v1/kv/large/?recurse')]);
    yield pause(500);
  },
};

/** The list of all, asked for on so many streams. */
function asked(streams: number, options: { readonly [key: string]: number }): Buffer[] {
  const body = { Datacenter: 'dc1', Key: 'large/', ...options };
  return Array.from({ length: streams }, (_, at) => said(2 * at + 1, call('KVS.List', body)));
}

/** Leave to send as much as there is. */
function windows(streams: number): Buffer[] {
  return Array.from({ length: streams }, (_, at) => frame(frameTypes.window, 0, 2 * at + 1, 2 ** 30));
}
