// Lamport times up to the highest. A clock that is driven there cannot count on: what its node sends from
// then on is old, or the same as before, to everybody.

import { type HostileClass, packets, streams, type Victim } from '../hostile-class.ts';
import { lamportTimes as every, query, serfState, userEvent, userMessage } from '../wire/messages.ts';

/** Everything that carries a Lamport time, with each. */
export const lamportTimes: HostileClass = {
  name: 'lamport-times',
  title: 'Lamport times at the top of their range',
  *inputs({ victims }) {
    yield* packets(
      every.flatMap((time) => [
        userMessage(1, { LTime: time, Node: 'nobody' }),
        userMessage(0, { LTime: time, Node: 'nobody', Prune: false }),
        userEvent(time, 'late'),
        query(time, 'late', { Timeout: time }),
      ]),
    );
    yield* streams(victims.flatMap(lateStates));
  },
};

function lateStates({ name }: Victim): Buffer[] {
  return every.flatMap((time) => [
    serfState({ EventLTime: time, LTime: time, QueryLTime: time, StatusLTimes: { [name]: time } }),
    serfState({ LeftMembers: [name], StatusLTimes: { [name]: time } }),
    serfState({ Events: [{ LTime: time, Events: [{ Name: 'late', Payload: null }] }] }),
  ]);
}
