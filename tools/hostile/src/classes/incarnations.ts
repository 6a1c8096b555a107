// Incarnations up to the highest: who is lifted there, or accused there, has no number left to answer with.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import { alive, dead, incarnations as every, nodeState, pushPull, suspect } from '../wire/messages.ts';

/** Everything that carries an incarnation, about victims, with each. */
export const incarnations: HostileClass = {
  name: 'incarnations',
  title: 'incarnations at the top of their range, in lives, suspicions and deaths',
  *inputs({ victims }) {
    for (const victim of victims) {
      const { name: Node, port: Port, address: Addr } = victim;
      for (const Incarnation of every) {
        yield* packets([
          alive({ Node, Port, Addr, Incarnation }),
          suspect(Node, Incarnation),
          dead(Node, Incarnation),
        ]);
        const states = [0, 1, 2, 9].map((State) => nodeState(victim, { Incarnation, State }));
        yield* streams(states.map((state) => pushPull({ Nodes: 1 }, state)));
      }
    }
  },
};
