// Version vectors of any length and content. One of all zeros, or of a version that nobody else speaks, once
// believed, makes every state exchange fail: nobody could join any more.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import { alive, nodeState, pushPull } from '../wire/messages.ts';

/** Version vectors of victims and of strangers. */
export const versionVectors: HostileClass = {
  name: 'version-vectors',
  title: 'version vectors of any length, of zeros, of versions nobody speaks',
  *inputs({ victims }) {
    for (const Vsn of vectors) {
      const name = Vsn.toString('hex').slice(0, 40);
      yield* packets([alive({ Node: `speaks-${name}`, Vsn })]);
      for (const victim of victims) {
        const { name: Node, port: Port, address: Addr } = victim;
        yield* packets([2, 1_000].map((Incarnation) => alive({ Node, Port, Addr, Incarnation, Vsn })));
        yield* streams([pushPull({ Nodes: 1, Join: true }, nodeState(victim, { Incarnation: 9, Vsn }))]);
      }
    }
  },
};

const vectors = [
  ...[0, 1, 3, 5, 7, 300].map((length) => Buffer.alloc(length, 1)),
  Buffer.alloc(6),
  Buffer.alloc(6, 9),
  Buffer.alloc(6, 255),
  Buffer.of(1, 5, 9, 2, 5, 5),
  Buffer.of(5, 5, 5, 5, 5, 5),
  Buffer.of(1, 5, 2, 2, 5, 0),
  Buffer.of(1, 1, 1, 0, 0, 0),
];
