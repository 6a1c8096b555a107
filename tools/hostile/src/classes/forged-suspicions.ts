// "This one did not answer me": of members that answer, by somebody who is no member, by themselves, and by
// many, to take the time to refute away.

import { type HostileClass, packets } from '../hostile-class.ts';
import { compound, incarnations, suspect } from '../wire/messages.ts';

/** Suspicions of victims, confirmed by many. */
export const forgedSuspicions: HostileClass = {
  name: 'forged-suspicions',
  title: 'forged suspicions, confirmed by many',
  *inputs({ victims }) {
    for (const { name } of victims) {
      yield* packets(incarnations.map((incarnation) => suspect(name, incarnation)));
      yield* packets(incarnations.map((incarnation) => suspect(name, incarnation, name)));
      const many = incarnations.map((incarnation) =>
        compound(Array.from({ length: 12 }, (_, i) => suspect(name, incarnation, `witness-${i}`))),
      );
      yield* packets(many);
    }
  },
};
