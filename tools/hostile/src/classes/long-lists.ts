// State exchanges as large as they may be: node lists, lists of those who left, event buffers; and answers
// that nobody reads.

import { type HostileClass, stream, streams } from '../hostile-class.ts';
import { compressed, nodeState, pushPull, serfState } from '../wire/messages.ts';

/** The longest lists there are, several at once. */
export const longLists: HostileClass = {
  name: 'long-lists',
  title: 'state exchanges with the longest lists there are, several at once',
  *inputs({ isBrief }) {
    const count = isBrief ? 8_000 : 32_768;
    const departed = pushPull({ Nodes: count }, ...Array.from({ length: count }, (_, i) => departedNode(i)));
    const names = Array.from({ length: count }, (_, i) => `gone-${i}`);
    const left = serfState({
      LeftMembers: names,
      StatusLTimes: Object.fromEntries(names.map((it) => [it, 2])),
    });
    const events = Array.from({ length: 512 }, (_, i) => ({
      LTime: i + 1,
      Events: Array.from({ length: isBrief ? 2 : 20 }, (_, j) => ({
        Name: `e${j}`,
        Payload: Buffer.alloc(300),
      })),
    }));
    const lists = [departed, compressed(departed), left, serfState({ EventLTime: 513, Events: events })];
    yield* streams(lists);
    for (let left = isBrief ? 2 : 8; left > 0; left--) yield* lists.map((list) => stream('gossip', [list]));
    for (let left = 100; left > 0; left--) yield stream('gossip', [pushPull({})]);
  },
};

function departedNode(index: number): Buffer {
  const somebody = { name: `departed-${index}`, address: Buffer.of(127, 0, 0, 1), port: 9 };
  return nodeState(somebody, { State: 3 });
}
