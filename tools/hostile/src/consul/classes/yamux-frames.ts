// Frames that lie: lengths and windows without end, streams without number, types and flags there are not.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, type ConsulInput, endless } from '../consul-class.ts';
import { call, frame, frameTypes, multiplexed, said, syn } from '../wire/server-port.ts';

/** Everything a header can say that it must not. */
export const yamuxFrames: ConsulClass = {
  name: 'yamux-frames',
  title: 'frames with lying lengths, windows without end, floods of streams and pings',
  *inputs({ isBrief }) {
    for (const type of [0, 1, 2, 3, 4, 255]) {
      for (const flags of [0, 1, 2, 4, 8, 15, 0xffff]) {
        for (const streamId of [0, 1, 2, 2 ** 32 - 1]) yield* lies(type, flags, streamId);
      }
    }
    const opened = Array.from({ length: isBrief ? 20_000 : 100_000 }, (_, at) =>
      frame(frameTypes.window, syn, 2 * at + 1, 2 ** 31),
    );
    for (let left = isBrief ? 4 : 20; left > 0; left--) yield stream('server', [multiplexed(...opened)]);
    const begun = Array.from({ length: 16_000 }, (_, at) => said(2 * at + 1, Buffer.of(0x82)));
    for (let left = isBrief ? 4 : 40; left > 0; left--) yield stream('server', [multiplexed(...begun)]);
    const pings = Buffer.concat(Array.from({ length: 5_000 }, (_, at) => frame(frameTypes.ping, syn, 0, at)));
    yield endless('server', multiplexed(), pings, isBrief ? 40 : 400);
    const resets = Array.from({ length: 2_000 }, (_, at) => [
      said(2 * at + 1, call('Status.Ping', {})),
      frame(frameTypes.data, 8, 2 * at + 1, 0),
    ]);
    yield stream('server', [multiplexed(...resets.flat())]);
  },
};

function* lies(type: number, flags: number, streamId: number): Iterable<ConsulInput> {
  for (const length of [0, 1, 2 ** 18 + 1, 2 ** 31, 2 ** 32 - 1]) {
    yield stream('server', [multiplexed(frame(type, flags, streamId, length, Buffer.alloc(100)))]);
  }
}
