// Messages that end too early, cut at every byte: in packets, and on streams that stop half-way and stay
// open.

import { type HostileClass, packets, rpc, streams } from '../hostile-class.ts';
import {
  alive,
  compound,
  compressed,
  handshake,
  message,
  nodeState,
  ping,
  prefixes,
  pushPull,
  query,
  request,
  suspect,
  userEvent,
} from '../wire/messages.ts';

/** Every beginning of every kind of message. */
export const truncation: HostileClass = {
  name: 'truncation',
  title: 'messages cut off at every byte',
  *inputs() {
    yield* packets(wholePackets().flatMap(prefixes));
    yield* streams(wholeStreams().flatMap(prefixes));
    yield* rpc(prefixes(conversation()));
  },
};

function wholePackets(): Buffer[] {
  return [
    ping({ SourceAddr: Buffer.of(127, 0, 0, 1), SourcePort: 9 }),
    alive(),
    suspect('nobody', 1),
    compound([ping(), alive(), message(2, { Payload: null, SeqNo: 1 })]),
    compressed(compound([ping(), alive()])),
    userEvent(1, 'n', Buffer.of(1)),
    query(1, 'q'),
  ];
}

function wholeStreams(): Buffer[] {
  const somebody = { name: 'n', address: Buffer.of(127, 0, 0, 1), port: 9 };
  return [
    compressed(pushPull({ Nodes: 1 }, nodeState(somebody, { State: 3 }))),
    Buffer.concat([message(8, { UserMsgLen: 4 }), Buffer.of(3, 0x80, 0, 0)]),
    ping(),
  ];
}

function conversation(): Buffer {
  return Buffer.concat([
    handshake(),
    request('event', 1, { Name: 'cut', Payload: null, Coalesce: false }),
    request('query', 2, { FilterNodes: null, FilterTags: {}, Name: 'cut', Timeout: 1 }),
  ]);
}
