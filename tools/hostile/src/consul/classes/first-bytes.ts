// Connections to the server port that say nothing, nonsense, or only what they are for.

import { stream } from '../../hostile-class.ts';
import { noise } from '../../wire/messages.ts';
import { type ConsulClass, endedStreamsTo, pause, streamsTo } from '../consul-class.ts';

/** Every first byte, and connections without any. */
export const firstBytes: ConsulClass = {
  name: 'first-bytes',
  title: 'the server port: every first byte, random bytes behind it, and connections that say nothing',
  *inputs({ isBrief }) {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    yield* streamsTo(
      'server',
      bytes.map((byte) => Buffer.of(byte)),
    );
    yield* endedStreamsTo(
      'server',
      bytes.map((byte) => Buffer.of(byte)),
    );
    for (const seed of bytes.slice(0, isBrief ? 20 : 100)) {
      for (const type of [0, 1, 4, 5]) {
        yield stream('server', [Buffer.concat([Buffer.of(type), noise(10 + seed * 11, seed)])]);
      }
    }
    for (let left = 200; left > 0; left--) yield stream('server', []);
    yield pause(isBrief ? 500 : 6_000); // the handshake may take five seconds
  },
};
