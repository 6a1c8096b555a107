// Questions that ask for much: work, memory, or packets to somebody else.

import { type HostileClass, type Input, packets } from '../hostile-class.ts';
import { compound, elsewhere, message, ping, query, userEvent, userMessage } from '../wire/messages.ts';
import { pack } from '../wire/pack.ts';

/** Floods of pings, indirect pings, queries with costly filters, events and intents. */
export const costlyQuestions: HostileClass = {
  name: 'costly-questions',
  title: 'pings for others, queries with costly filters, floods of events and intents',
  *inputs({ victims, isBrief }): Iterable<Input> {
    const rounds = isBrief ? 5 : 200;
    const [{ name = '' } = {}] = victims;
    for (let round = 0; round < rounds; round++) {
      const numbers = Array.from({ length: 100 }, (_, i) => round * 100 + i);
      yield* packets([
        compound(numbers.map((SeqNo) => ping({ SeqNo, SourceAddr: elsewhere, SourcePort: 9 }))),
        compound(
          numbers.map((SeqNo) => message(1, { Nack: true, Node: 'x', Port: 9, SeqNo, Target: elsewhere })),
        ),
        compound(numbers.map((number) => userEvent(number + 1, `flood-${number}`, Buffer.alloc(100)))),
        compound(numbers.map((number) => userMessage(1, { LTime: number, Node: `ghost-${number}` }))),
        compound(numbers.map((ID) => query(round + 1, '_serf_ping', { ID, Flags: 1, RelayFactor: 255 }))),
        compound(
          numbers.map((ID) =>
            query(round + 1, '_serf_conflict', { ID: ID + 1e6, Payload: Buffer.from(name) }),
          ),
        ),
        ...costlyExpressions.map((Expr, i) =>
          query(round + 1, 'filtered', { ID: 2e6 + round * 10 + i, Filters: [tagFilter(Expr)] }),
        ),
      ]);
    }
  },
};

function tagFilter(Expr: string): Buffer {
  return Buffer.concat([Buffer.of(1), pack({ Expr, Tag: 'role' })]);
}

const costlyExpressions = [
  '(a+)+$',
  '(x?){1000}'.repeat(3),
  `${'('.repeat(900)}${')'.repeat(900)}`,
  '[',
  '(?=a)',
];
