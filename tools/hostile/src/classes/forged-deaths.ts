// "This one is dead": of members that live.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import { dead, incarnations, nodeState, pushPull } from '../wire/messages.ts';

/** Deaths of victims, by packet and in node lists. */
export const forgedDeaths: HostileClass = {
  name: 'forged-deaths',
  title: 'forged deaths',
  *inputs({ victims }) {
    for (const victim of victims) {
      yield* packets(incarnations.map((incarnation) => dead(victim.name, incarnation)));
      const states = incarnations.map((Incarnation) => nodeState(victim, { Incarnation, State: 2 }));
      yield* streams(states.map((state) => pushPull({ Nodes: 1, Join: true }, state)));
    }
  },
};
