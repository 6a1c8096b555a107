// What was true once, again and again: packets of a member's life so far, in their order and backwards.

import { type HostileClass, packets, streams, type Victim } from '../hostile-class.ts';
import {
  alive,
  compound,
  dead,
  nodeState,
  ping,
  pushPull,
  query,
  suspect,
  userEvent,
  userMessage,
} from '../wire/messages.ts';

/** A recorded life of each victim: it joins, speaks, is suspected, refutes, leaves and comes back. */
export const replay: HostileClass = {
  name: 'replay',
  title: 'packets replayed a hundred times, forwards and backwards',
  *inputs({ victims, isBrief }) {
    const recording = victims.flatMap(lifeOf);
    for (let round = 0; round < (isBrief ? 20 : 100); round++) {
      yield* packets(round % 2 === 0 ? recording : recording.toReversed());
      yield* packets([compound(recording)]);
    }
    yield* streams(victims.map((victim) => pushPull({ Nodes: 1, Join: true }, nodeState(victim))));
  },
};

function lifeOf({ name: Node, address: Addr, port: Port }: Victim): Buffer[] {
  return [
    ping({ Node, SourceAddr: Addr, SourcePort: Port }),
    alive({ Node, Addr, Port, Incarnation: 1 }),
    userMessage(1, { LTime: 2, Node }),
    userEvent(3, 'replayed', Buffer.of(1)),
    query(3, 'replayed', { Addr, Port }),
    suspect(Node, 1),
    alive({ Node, Addr, Port, Incarnation: 2 }),
    userMessage(0, { LTime: 4, Node, Prune: false }),
    dead(Node, 2, Node),
    alive({ Node, Addr, Port, Incarnation: 3 }),
    userMessage(1, { LTime: 5, Node }),
  ];
}
