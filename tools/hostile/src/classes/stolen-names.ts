// First a goodbye in a member's name, then its life at another address. A name whose owner has left may come
// back elsewhere at once; so in the original this takes the name over.

import { type HostileClass, packets, streams, type Victim } from '../hostile-class.ts';
import { alive, compound, dead, elsewhere, nodeState, pushPull, userMessage } from '../wire/messages.ts';

/** Leave, then alive with another address: one after the other, in one packet, and in one list. */
export const stolenNames: HostileClass = {
  name: 'stolen-names',
  title: 'a forged leave, then a life at another address',
  *inputs({ victims }) {
    for (const victim of victims) {
      for (const incarnation of [1, 10, 100_000, 2 ** 31]) {
        const [leave, goodbye, life] = theft(victim, incarnation);
        yield* packets([leave, goodbye, life]);
        yield* packets([compound([leave, goodbye, life]), compound([life])]);
        const states = [
          nodeState(victim, { State: 3, Incarnation: incarnation + 2 }),
          nodeState(victim, { Incarnation: incarnation + 3, Addr: elsewhere }),
        ];
        yield* streams([pushPull({ Nodes: 2 }, ...states)]);
      }
    }
  },
};

function theft({ name, port }: Victim, incarnation: number): [Buffer, Buffer, Buffer] {
  return [
    userMessage(0, { LTime: 1_000 + incarnation, Node: name, Prune: false }),
    dead(name, incarnation, name),
    alive({ Node: name, Port: port, Addr: elsewhere, Incarnation: incarnation + 1 }),
  ];
}
