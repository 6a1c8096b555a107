// Raft from those who are no servers: questions that end too early, promise too much, come without end, or
// are half of one.

import { stream } from '../../hostile-class.ts';
import { deep, prefixes } from '../../wire/messages.ts';
import { pack, withUint } from '../../wire/pack.ts';
import { type ConsulClass, type ConsulInput, endless } from '../consul-class.ts';
import {
  appendFields,
  connectionBytes,
  entry,
  heads,
  installFields,
  promised,
  raftQuestion,
  raftTypes,
} from '../wire/server-port.ts';

/** Nothing here is of a term that counts. */
export const raftMessages: ConsulClass = {
  name: 'raft-messages',
  title: 'raft: questions cut off, promised, endless and half-sent; snapshots of 2 GiB that never come',
  *inputs({ isBrief }) {
    const whole = [
      raftQuestion(raftTypes.append, appendFields({ Entries: [entry(1, 1, Buffer.of(0))] })),
      raftQuestion(raftTypes.vote, {
        Term: 1,
        Candidate: Buffer.from('a:1'),
        LastLogIndex: 1,
        LastLogTerm: 1,
      }),
      raftQuestion(raftTypes.snapshot, installFields(10)),
    ];
    for (const bytes of whole.flatMap(prefixes)) yield raft(bytes);
    for (const type of [0, 1, 2, 3, 4, 127, 128, 255]) {
      for (const head of heads) yield raft(Buffer.concat([Buffer.of(type), promised(head)]));
      yield raft(Buffer.concat([Buffer.of(type), deep]));
    }
    // Of type 0 in two bytes, and a struct that is nil: of no version, answered at once.
    yield raft(Buffer.from('cc00c0'.repeat(isBrief ? 20_000 : 200_000), 'hex'));
    for (const size of [-1, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 2n ** 64n - 1n])
      yield raft(raftQuestion(raftTypes.snapshot, installFields(size)));
    yield* halfSent(isBrief ? 8 : 90);
    const old = raftQuestion(raftTypes.append, appendFields({ Term: 0, Entries: many(100) }));
    yield endless('server', Buffer.of(connectionBytes.raft), old, isBrief ? 200 : 2_000);
    yield* snapshots(isBrief ? 8 : 90, isBrief ? 50 : 4_000);
  },
};

/** The beginnings of the largest question that is taken, on many connections. */
function* halfSent(connections: number): Iterable<ConsulInput> {
  const opening = Buffer.concat([Buffer.of(connectionBytes.raft, raftTypes.append), appendOpening()]);
  const chunk = Buffer.alloc(1 << 20);
  for (let left = connections; left > 0; left--) yield endless('server', opening, chunk, 38);
}

function* snapshots(connections: number, pieces: number): Iterable<ConsulInput> {
  const question = raftQuestion(raftTypes.snapshot, installFields(2 ** 31 - 1, { Term: 0 }));
  const opening = Buffer.concat([Buffer.of(connectionBytes.raft), question]);
  for (let left = connections; left > 0; left--)
    yield endless('server', opening, Buffer.alloc(65_536), pieces);
}

/** A struct whose entries are one of 39 MiB. */
function appendOpening(): Buffer {
  const name = pack('Entries');
  const data = Buffer.concat([pack('Data'), withUint(0xdb, 39 << 20, 4)]);
  return Buffer.concat([Buffer.of(0x81), name, Buffer.of(0x91, 0x81), data]);
}

function many(entries: number) {
  return Array.from({ length: entries }, (_, at) => entry(at + 1, 1, Buffer.alloc(5_000)));
}

function raft(bytes: Uint8Array): ConsulInput {
  return stream('server', [Buffer.concat([Buffer.of(connectionBytes.raft), bytes])]);
}
