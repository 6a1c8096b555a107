// A node that sends but does not receive: it joins, speaks, pings, and suspects everybody, since it hears no
// answer. It is in earnest and refutes nothing.

import { type HostileClass, type Input, packets, streams } from '../hostile-class.ts';
import {
  alive,
  elsewhere,
  message,
  nodeState,
  ping,
  pushPull,
  suspect,
  userEvent,
  userMessage,
} from '../wire/messages.ts';

/** Some seconds with such a node. */
export const halfDeafNode: HostileClass = {
  name: 'half-deaf-node',
  title: 'a node that sends but does not receive, and suspects everybody',
  *inputs({ victims, isBrief }): Iterable<Input> {
    const self = { name: 'half-deaf', address: elsewhere, port: 9 };
    yield* streams([pushPull({ Nodes: 1, Join: true }, nodeState(self))]);
    const rounds = isBrief ? 10 : 75;
    for (let round = 1; round <= rounds; round++) {
      yield* packets([
        alive({ Node: self.name, Addr: elsewhere, Incarnation: round }),
        userMessage(1, { LTime: round, Node: self.name }),
        userEvent(round, 'from-the-half-deaf'),
        message(1, { Nack: true, Node: victims[0]?.name ?? '', Port: 9, SeqNo: round, Target: elsewhere }),
      ]);
      for (const { name } of victims) {
        yield* packets([ping({ Node: name, SeqNo: round, SourceAddr: elsewhere, SourcePort: 9 })]);
        yield* packets(
          Array.from({ length: round + 1 }, (_, incarnation) => suspect(name, incarnation, self.name)),
        );
      }
      yield { kind: 'pause', ms: 200 };
    }
  },
};
