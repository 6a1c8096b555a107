// Addresses of 0, 3, 5 bytes, and of every other length that is none.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import { alive, message, nodeState, pushPull, query } from '../wire/messages.ts';

/** Addresses that are none, of victims, of strangers, and to answer to. */
export const addresses: HostileClass = {
  name: 'addresses',
  title: 'addresses of impossible lengths',
  *inputs({ victims }) {
    for (const { name, port } of victims) {
      for (const Addr of impossible) {
        yield* packets([
          alive({ Node: name, Port: port, Incarnation: 2, Addr }),
          alive({ Node: `made-up-${Addr.length}`, Addr }),
          message(0, { Node: name, SeqNo: 1, SourceAddr: Addr, SourcePort: 1 }),
          message(1, { Nack: true, Node: name, Port: port, SeqNo: 1, Target: Addr }),
          message(1, { Nack: true, Node: name, Port: 0, SeqNo: 1, Target: Addr, SourceAddr: Addr }),
          query(1, 'lost', { Addr, ID: Addr.length }),
        ]);
      }
    }
    yield* streams(
      victims.flatMap((it) => impossible.map((Addr) => pushPull({ Nodes: 1 }, nodeState(it, { Addr })))),
    );
  },
};

const impossible = [0, 1, 3, 5, 15, 17, 300].map((length) => Buffer.alloc(length, 1));
