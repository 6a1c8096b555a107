// Goodbyes in somebody else's name, in both layers: the intent to leave, and having left.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import {
  dead,
  incarnations,
  lamportTimes,
  nodeState,
  pushPull,
  serfState,
  userMessage,
} from '../wire/messages.ts';

/** Leave intents and goodbyes of victims, with and without prune. */
export const forgedLeaves: HostileClass = {
  name: 'forged-leaves',
  title: 'forged leave intents and goodbyes',
  *inputs({ victims }) {
    for (const victim of victims) {
      const { name } = victim;
      yield* packets(lamportTimes.map((LTime) => userMessage(0, { LTime, Node: name, Prune: false })));
      yield* packets(lamportTimes.map((LTime) => userMessage(0, { LTime, Node: name, Prune: true })));
      yield* packets(incarnations.map((incarnation) => dead(name, incarnation, name)));
      const left = incarnations.map((Incarnation) => nodeState(victim, { Incarnation, State: 3 }));
      yield* streams(left.map((state) => pushPull({ Nodes: 1 }, state)));
      yield* streams([serfState({ LeftMembers: [name], StatusLTimes: { [name]: 1_000 } })]);
    }
  },
};
