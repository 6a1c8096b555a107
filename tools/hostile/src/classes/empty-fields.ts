// Fields that are missing, nil or empty, and bodies of another kind than expected.

import { type HostileClass, packets, rpc, streams } from '../hostile-class.ts';
import { handshake, message, ping, pushPull, request, userMessage } from '../wire/messages.ts';
import { pack } from '../wire/pack.ts';

/** Every type of message without its fields. */
export const emptyFields: HostileClass = {
  name: 'empty-fields',
  title: 'empty and missing fields',
  *inputs() {
    yield* packets([...Array(256).keys()].map((type) => Buffer.of(type)));
    yield* packets([0, 1, 2, 3, 4, 5, 8, 9, 11].flatMap(emptied));
    yield* streams([ping({ SeqNo: null }), message(6, {}), message(6, null), message(8, {}), message(9, {})]);
    yield* streams([
      pushPull({ Nodes: 2 }, pack({}), pack(null)),
      pushPull({ UserStateLen: 1 }, Buffer.of(2)),
    ]);
    const commands = ['event', 'query', 'join', 'respond', 'stream', 'monitor', 'stop', 'tags', ''];
    const bodies = [{}, null, [], '', 7].map((body) =>
      commands.map((command) => Buffer.concat([handshake(), request(command, 1, body)])),
    );
    yield* rpc(bodies.flat());
  },
};

function emptied(type: number): Buffer[] {
  const nils = {
    Node: null,
    SeqNo: null,
    From: null,
    Incarnation: null,
    Addr: null,
    Vsn: null,
    Target: null,
  };
  return [
    ...[{}, null, [], '', 7, nils].map((fields) => message(type, fields)),
    ...[0, 1, 3, 4, 5, 9].map((inner) => userMessage(inner, type === 8 ? {} : null)),
  ];
}
