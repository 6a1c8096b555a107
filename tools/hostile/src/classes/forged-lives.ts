// "This one is alive, and it is over there": of members that are somewhere else.

import { type HostileClass, packets, streams, type Victim } from '../hostile-class.ts';
import { alive, elsewhere, incarnations, nodeState, pushPull } from '../wire/messages.ts';

/** Victims at addresses and ports that are not theirs, with tags that are not theirs. */
export const forgedLives: HostileClass = {
  name: 'forged-lives',
  title: 'forged lives at other addresses',
  *inputs({ victims }) {
    yield* packets(victims.flatMap(livesElsewhere));
    yield* streams(victims.flatMap(statesElsewhere));
  },
};

function livesElsewhere({ name: Node, address: Addr, port: Port }: Victim): Buffer[] {
  return incarnations.flatMap((Incarnation) => [
    alive({ Node, Port, Incarnation, Addr: elsewhere }),
    alive({ Node, Port: 1, Incarnation, Addr }),
    alive({ Node, Port, Incarnation, Addr, Meta: Buffer.from('\xff\x81\xa4role\xa5forge', 'latin1') }),
  ]);
}

function statesElsewhere(victim: Victim): Buffer[] {
  return incarnations.map((Incarnation) =>
    pushPull({ Nodes: 1 }, nodeState(victim, { Incarnation, Addr: elsewhere })),
  );
}
