// Nonsense and lies, by class: what somebody on the network could send to the gossip and RPC ports of an
// agent.
// Next: hostile.test.ts, which sends them.

import { lzwEncode } from '@reeve/bytes';

/** One class of hostile input. */
export interface HostileInput {
  readonly title: string;
  /** Datagrams to the gossip port. */
  readonly packets?: Iterable<Uint8Array>;
  /** Each is written to a connection of its own to the gossip port, which is then left open. */
  readonly streams?: readonly Uint8Array[];
  /** The same to the RPC port. */
  readonly rpc?: readonly Uint8Array[];
}

/** Somebody who is lied about. */
export interface Victim {
  readonly name: string;
  /** Four bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

/**
 * All classes, with lies about these members. Goodbyes come last: a member that left may come back with
 * another address at once, so who forges both, one after the other, takes a name over. Upstream's protocol is
 * like that.
 */
export function hostileInputs(victims: readonly Victim[]): HostileInput[] {
  const perVictim = (lies: (victim: Victim) => Uint8Array[]): Uint8Array[] => victims.flatMap(lies);
  return [
    { title: 'random bytes', packets: randomInputs, streams: randomInputs, rpc: randomInputs },
    {
      title: 'messages cut off at every byte',
      packets: wholePackets.flatMap(prefixes),
      streams: wholeStreams.flatMap(prefixes),
    },
    { title: 'RPC requests cut off at every byte', rpc: rpcRequests.flatMap(prefixes) },
    { title: 'lengths and counts that promise more than there is', ...falseLengths },
    { title: 'nesting without end', ...nesting },
    { title: 'a little that decompresses to very much', ...bombs },
    { title: 'empty and missing fields', packets: emptyFields, streams: [ping({ SeqNo: null })] },
    { title: 'addresses and versions of impossible lengths', packets: perVictim(impossibleFields) },
    {
      title: 'Lamport times at the end of their range',
      packets: lateEvents,
      streams: perVictim(lateClocks),
    },
    {
      title: 'forged lives at other addresses',
      packets: perVictim(livesElsewhere),
      streams: perVictim(statesElsewhere),
    },
    { title: 'forged suspicions', packets: perVictim((victim) => accusations(3, victim, 'nobody')) },
    { title: 'forged deaths', packets: perVictim((victim) => accusations(5, victim, 'nobody')) },
    { title: 'forged leave intents', packets: perVictim(leaveIntents) },
    { title: 'forged goodbyes', packets: perVictim((victim) => accusations(5, victim, victim.name)) },
    { title: '[40] forged ends in state exchanges', streams: perVictim(statesOfTheEnd) },
  ];
}

/** Alive messages of this many members that do not exist, some a packet. */
export function* madeUpMembers(count: number): Generator<Uint8Array> {
  const packet = compound(Array.from({ length: namesAPacket }, () => alive({ Node: nameToFill })));
  const places = [...packet.toString('latin1').matchAll(new RegExp(nameToFill, 'g'))].map(
    ({ index }) => index,
  );
  for (let made = 0; made < count; ) {
    const filled = Buffer.from(packet);
    for (const place of places) filled.write(String(made++).padStart(nameToFill.length, '0'), place);
    yield filled;
  }
}

/**
 * A msgpack value: numbers in the smallest form, strings and bytes in the old raw family, bigint as 64 bits.
 */
type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

function pack(value: Value): Buffer {
  if (value === null) return Buffer.of(0xc0);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2);
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'bigint') return withUint(0xcf, value, 8);
  if (typeof value === 'string') return packRaw(Buffer.from(value));
  if (value instanceof Uint8Array) return packRaw(value);
  if (isList(value)) return Buffer.concat([withUint(0xdd, value.length, 4), ...value.map(pack)]);
  const entries = Object.entries(value).flatMap(([key, field]) => [pack(key), pack(field)]);
  return Buffer.concat([withUint(0xdf, entries.length / 2, 4), ...entries]);
}

function isList(value: readonly Value[] | { readonly [key: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}

function packNumber(value: number): Buffer {
  if (value >= 0 && value < 128) return Buffer.of(value);
  if (value < 0) return withUint(0xd3, BigInt.asUintN(64, BigInt(value)), 8);
  return value <= 0xffffffff ? withUint(0xce, value, 4) : withUint(0xcf, value, 8);
}

function packRaw(bytes: Uint8Array): Buffer {
  return Buffer.concat([withUint(0xdb, bytes.length, 4), bytes]);
}

function withUint(head: number, value: number | bigint, size: 2 | 4 | 8): Buffer {
  const hex = BigInt(value)
    .toString(16)
    .padStart(size * 2, '0');
  return Buffer.concat([Buffer.of(head), Buffer.from(hex, 'hex')]);
}

function message(type: number, fields: Value): Buffer {
  return Buffer.concat([Buffer.of(type), pack(fields)]);
}

function ping(fields: { readonly [key: string]: Value } = {}): Buffer {
  return message(0, { Node: '', SeqNo: 1, ...fields });
}

function alive(fields: { readonly [key: string]: Value } = {}): Buffer {
  return message(4, {
    Addr: Buffer.of(127, 0, 0, 1),
    Incarnation: 1,
    Meta: Buffer.of(0xff, 0x80),
    Node: 'nobody',
    Port: 9,
    Vsn: versionVector,
    ...fields,
  });
}

function compound(parts: readonly Uint8Array[]): Buffer {
  const lengths = parts.map(({ length }) => withUint(0, length, 2).subarray(1));
  return Buffer.concat([Buffer.of(7, parts.length), ...lengths, ...parts]);
}

function compressed(plain: Uint8Array, times = 1): Buffer {
  const once = message(9, { Algo: 0, Buf: lzwEncode(plain) });
  return times === 1 ? once : compressed(once, times - 1);
}

function userMessage(type: number, fields: Value): Buffer {
  return Buffer.concat([Buffer.of(8, type), pack(fields)]);
}

function pushPull(header: { readonly [key: string]: Value }, ...rest: Uint8Array[]): Buffer {
  return Buffer.concat([message(6, { Join: false, Nodes: 0, UserStateLen: 0, ...header }), ...rest]);
}

function nodeState({ name, address, port }: Victim, fields: { readonly [key: string]: Value }): Buffer {
  return pack({
    Addr: address,
    Incarnation: 1,
    Meta: null,
    Name: name,
    Port: port,
    State: 0,
    Vsn: versionVector,
    ...fields,
  });
}

/** Every beginning of a message but the whole; the empty one too. */
function prefixes(whole: Uint8Array): Uint8Array[] {
  return Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length));
}

function accusations(type: number, { name }: Victim, from: string): Buffer[] {
  return incarnations.map((incarnation) =>
    message(type, { From: from, Incarnation: incarnation, Node: name }),
  );
}

function leaveIntents({ name }: Victim): Buffer[] {
  return lamportTimes.map((time) => userMessage(0, { LTime: time, Node: name, Prune: false }));
}

function livesElsewhere({ name, port }: Victim): Buffer[] {
  return incarnations.flatMap((incarnation) => [
    alive({ Node: name, Port: port, Incarnation: incarnation, Addr: elsewhere }),
    alive({ Node: name, Port: 1, Incarnation: incarnation }),
  ]);
}

function statesElsewhere(victim: Victim): Buffer[] {
  return incarnations.flatMap((Incarnation) => [
    pushPull({ Nodes: 1 }, nodeState(victim, { Incarnation, Addr: elsewhere })),
    pushPull({ Nodes: 1 }, nodeState(victim, { Incarnation, Vsn: Buffer.alloc(6, 9) })),
  ]);
}

function impossibleFields({ name, port }: Victim): Buffer[] {
  const lengths = [0, 1, 3, 5, 15, 17, 300];
  return lengths.flatMap((length) => [
    alive({ Node: name, Port: port, Incarnation: 2, Addr: Buffer.alloc(length, 1) }),
    alive({ Node: name, Port: port, Incarnation: 2, Vsn: Buffer.alloc(length, 1) }),
    alive({ Node: `made-up-${length}`, Addr: Buffer.alloc(length, 1) }),
    message(1, { Nack: true, Node: name, Port: port, SeqNo: 1, Target: Buffer.alloc(length, 1) }),
  ]);
}

function statesOfTheEnd(victim: Victim): Buffer[] {
  const ends = [1, 2, 3, 9];
  return incarnations.flatMap((Incarnation) =>
    ends.map((State) => pushPull({ Nodes: 1 }, nodeState(victim, { Incarnation, State }))),
  );
}

/** Serf's part of a state exchange, with clocks that have no time left. */
function lateClocks({ name }: Victim): Buffer[] {
  return lamportTimes.map((time) => {
    const clocks = { EventLTime: time, Events: [], LTime: time, QueryLTime: time };
    const userState = message(2, { ...clocks, LeftMembers: [name], StatusLTimes: { [name]: time } });
    return pushPull({ UserStateLen: userState.length }, userState);
  });
}

const elsewhere = Buffer.of(127, 255, 255, 254);
const versionVector = Buffer.of(1, 5, 2, 2, 5, 5);
const timeMax = 2n ** 64n - 1n;
const incarnations = [0, 1, 2, 1_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
const lamportTimes = [
  0,
  1,
  1_000,
  2 ** 32,
  2 ** 53 - 3,
  2 ** 53 - 2,
  2 ** 53 - 1,
  2n ** 63n - 1n,
  timeMax - 1n,
  timeMax,
];
const namesAPacket = 12;
const nameToFill = 'nameless';

/** Bytes that look random and are the same in every run. */
const randomInputs: readonly Uint8Array[] = Array.from({ length: 300 }, (_, index) =>
  Uint8Array.from({ length: (index * 7) % 600 }, (_, i) => Math.imul(index * 7919 + i, 2_654_435_761) >>> 24),
);

const wholePackets = [
  ping({ SourceAddr: Buffer.of(127, 0, 0, 1), SourcePort: 9 }),
  alive(),
  message(3, { From: 'nobody', Incarnation: 1, Node: 'nobody' }),
  compound([ping(), alive(), message(2, { Payload: null, SeqNo: 1 })]),
  compressed(compound([ping(), alive()])),
  userMessage(3, { CC: false, LTime: 1, Name: 'n', Payload: Buffer.of(1) }),
  userMessage(4, {
    Addr: null,
    Filters: null,
    Flags: 1,
    ID: 1,
    LTime: 1,
    Name: 'q',
    Payload: null,
    Port: 1,
    Timeout: 1,
  }),
];

const wholeStreams = [
  compressed(
    pushPull({ Nodes: 1 }, nodeState({ name: 'n', address: Buffer.of(127, 0, 0, 1), port: 9 }, { State: 3 })),
  ),
  Buffer.concat([message(8, { UserMsgLen: 4 }), Buffer.of(3, 0x80, 0, 0)]),
  ping(),
];

const handshake = Buffer.concat([pack({ Command: 'handshake', Seq: 0 }), pack({ Version: 1 })]);
const rpcRequests = [
  Buffer.concat([
    handshake,
    pack({ Command: 'event', Seq: 1 }),
    pack({ Name: 'cut', Payload: null, Coalesce: false }),
    pack({ Command: 'query', Seq: 2 }),
    pack({ FilterNodes: null, FilterTags: {}, Name: 'cut', Timeout: 1 }),
  ]),
];

const falseCounts = [-1, 2 ** 16, 2 ** 31 - 1, 2 ** 32 - 1, 2 ** 40, 2n ** 63n, timeMax];
const falseLengths = {
  packets: [
    ...falseCounts.map((count) => message(0, { Node: '', SeqNo: count })),
    ...[0xd9, 0xda, 0xdb, 0xc4, 0xc5, 0xc6, 0xdc, 0xdd, 0xde, 0xdf].map((head) =>
      Buffer.concat([Buffer.of(0, head), Buffer.alloc(4, 0xff), Buffer.from('x')]),
    ),
    Buffer.concat([Buffer.of(7, 255), Buffer.alloc(510, 0xff)]),
    Buffer.of(7, 0),
    Buffer.of(12, 1, 2, 3),
    Buffer.concat([Buffer.of(0xf4, 255), Buffer.from('short')]),
  ],
  streams: [
    ...falseCounts.flatMap((count) => [
      pushPull({ Nodes: count }),
      pushPull({ UserStateLen: count }),
      message(8, { UserMsgLen: count }),
    ]),
    ...[0, 1, 28, 2 ** 31, 2 ** 32 - 1].map((length) => withUint(10, length, 4)),
    Buffer.of(0xf4, 0),
    Buffer.of(0xf4, 255, 1),
  ],
  rpc: [0xdb, 0xc6, 0xdd, 0xdf].map((head) => Buffer.concat([Buffer.of(head), Buffer.alloc(4, 0xff)])),
};

const deep = Buffer.concat([Buffer.alloc(3_000, 0x91), Buffer.of(0xc0)]);
const nesting = {
  packets: [
    Array.from({ length: 200 }).reduce<Buffer>((inner) => compound([inner]), ping()),
    compressed(ping(), 20),
    Buffer.concat([Buffer.of(0), deep]),
    Buffer.concat([Buffer.of(0, 0x81), pack('Unknown'), deep]),
    Buffer.concat([Buffer.of(8, 4, 0x81), pack('Filters'), deep]),
  ],
  streams: [
    compressed(pushPull({}), 50),
    Buffer.concat([Buffer.of(6), deep]),
    Buffer.concat([Buffer.of(9), deep]),
  ],
  rpc: [deep, Buffer.concat([Buffer.of(0x81), pack('Unknown'), deep]), Buffer.alloc(1_000_000, 0x91)],
};

const manyZeros = Buffer.alloc(50_000_000);
const bombs = {
  packets: [compressed(manyZeros.subarray(0, 5_000_000)), compressed(manyZeros.subarray(0, 10_000_000), 2)],
  streams: [
    compressed(manyZeros),
    compressed(manyZeros, 2),
    compressed(Buffer.concat([Buffer.of(6), manyZeros])),
  ],
};

const emptyFields = [0, 1, 2, 3, 4, 5, 8, 9, 11].flatMap((type) => [
  Buffer.of(type),
  message(type, {}),
  message(type, null),
  message(type, []),
  message(type, {
    Node: null,
    SeqNo: null,
    From: null,
    Incarnation: null,
    Addr: null,
    Vsn: null,
    Target: null,
  }),
  ...[0, 1, 3, 4, 5, 9].map((inner) => userMessage(inner, type === 8 ? {} : null)),
]);

const lateEvents = lamportTimes.flatMap((time) => [
  userMessage(1, { LTime: time, Node: 'nobody' }),
  userMessage(3, { CC: false, LTime: time, Name: 'late', Payload: null }),
  userMessage(4, { Flags: 0, ID: 7, LTime: time, Name: 'late', Payload: null, Timeout: time }),
]);
