// Commands in parts: as the real program cuts them, and what becomes of parts that nobody completes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import type { LogEntry } from '@reeve/raft/core';
import { SeededRandom } from '@reeve/runtime/virtual';
import { entriesOf } from '../../dist/core/commands/command-entries.js';
import { StateReader } from '../../dist/core/snapshot/state-reader.js';
import { readKey } from '../../dist/core/state/queries/key-values.js';
import { StateStore } from '../../dist/core/state/state-store.js';
import { ConsulStateMachine } from '../../dist/core/state-machine.js';
import { decodeChunkInfo, encodeChunkInfo } from '../../dist/core/wire/chunks.js';
import { encodeCommand } from '../../dist/core/wire/command.js';
import { readWhole } from '../kit/read-whole.js';
import { keyValue } from '../kit/state-rig.js';

/** What a real leader wrote beside the parts of two keys, of 524,288 and of 1,300,000 bytes. */
const captured = [
  { hex: '08ce89e2d7d0ccdebbfe011802', operation: 18336258982256608462n, sequence: 0, chunks: 2 },
  { hex: '08ce89e2d7d0ccdebbfe0110011802', operation: 18336258982256608462n, sequence: 1, chunks: 2 },
  { hex: '08b4d081b1e1948797de0110021803', operation: 16009765225010063412n, sequence: 2, chunks: 3 },
];

class Server {
  readonly fatal: string[] = [];
  readonly store = new StateStore({ clock: { now: () => 0 } });
  readonly machine = new ConsulStateMachine({
    store: this.store,
    onFatal: ({ message }) => this.fatal.push(message),
  });
  #index = 0;

  /** Applies entries of a term; how each ended: true, or the error. */
  apply(term: number, entries: readonly { data: Uint8Array; extensions: Uint8Array }[]) {
    const log = entries.map((entry): LogEntry => ({ ...entry, type: 'command', term, index: ++this.#index }));
    return this.machine.apply(log).map((outcome) => (outcome.ok ? true : outcome.error));
  }

  value(key: string) {
    const { value } = readKey(this.store.tables, null, key);
    return value && { bytes: value.value.length, index: value.modifyIndex };
  }

  get state(): Uint8Array {
    return concatBytes([...iterate(this.machine.snapshot())]);
  }

  /** A server that was sent the state of another one. */
  static restored(state: Uint8Array): Server {
    const server = new Server();
    readWhole(server.machine, state)();
    server.#index = 100;
    return server;
  }
}

function* iterate(iterator: Iterator<Uint8Array, void>): Generator<Uint8Array> {
  for (let next = iterator.next(); !next.done; next = iterator.next()) yield next.value;
}

const random = new SeededRandom(1);

function setting(key: string, bytes: number): Uint8Array {
  const entry = { ...keyValue(key), value: Buffer.alloc(bytes, 'a') };
  const request = { datacenter: 'dc1', token: '', operation: 'set', entry };
  return encodeCommand({ type: 'keyValue', request });
}

const parts = (key: string, bytes: number) => entriesOf(setting(key, bytes), random);
const incomplete = 'please resubmit call for rechunking';

test('beside a part stands which one it is, in the bytes that the real program wrote', () => {
  for (const { hex, ...info } of captured) {
    assert.equal(Buffer.from(encodeChunkInfo(info)).toString('hex'), hex);
    assert.deepEqual(decodeChunkInfo(Buffer.from(hex, 'hex')), info);
  }
});

test('the value of a key is cut where the real program cuts it, and other commands are not', () => {
  assert.deepEqual(
    parts('limit', 524_288).map(({ data }) => data.length),
    [524_288, 113],
  );
  assert.deepEqual(
    parts('large', 1_300_000).map(({ data }) => data.length),
    [524_288, 524_288, 251_537],
  );
  const [whole, ...rest] = parts('fits', 524_288 - 200);
  assert.deepEqual([whole?.data.length, whole?.extensions.length, rest], [524_200, 0, []]);
  const request = { datacenter: 'x'.repeat(600_000), token: '', operation: 'reap', reapIndex: 1 };
  assert.equal(entriesOf(encodeCommand({ type: 'tombstone', request }), random).length, 1);
});

test('a command is applied with its last part, under that index', () => {
  const server = new Server();
  assert.deepEqual(server.apply(1, parts('large', 1_300_000)), [incomplete, incomplete, true]);
  assert.deepEqual(server.value('large'), { bytes: 1_300_000, index: 3 });
  assert.equal(server.store.tables.chunks.size, 0);
});

test('parts of several commands may come in between each other, and in any order', () => {
  const server = new Server();
  const [a1, a2] = parts('a', 600_000);
  const [b1, b2] = parts('b', 600_000);
  assert.ok(a1 && a2 && b1 && b2);
  assert.deepEqual(server.apply(1, [a1, b2, b1, a2]), [incomplete, incomplete, true, true]);
  assert.deepEqual([server.value('b')?.index, server.value('a')?.index], [3, 4]);
});

test('what one leader left unfinished the next one does not finish', () => {
  const server = new Server();
  const [a1, a2] = parts('a', 600_000);
  assert.ok(a1 && a2);
  server.apply(1, [a1]);
  assert.deepEqual(server.apply(2, [a2]), [incomplete]);
  assert.equal(server.value('a'), null);
  assert.deepEqual(server.apply(2, [a1]), [true], 'this one has written both');
});

test('a server that was sent a snapshot between two parts goes on as the others do', () => {
  const server = new Server();
  const [a1, a2, a3] = parts('a', 1_300_000);
  assert.ok(a1 && a2 && a3);
  server.apply(7, [a1, a3]);
  const other = Server.restored(server.state);
  assert.deepEqual(other.state, server.state);
  assert.deepEqual([other.apply(7, [a2]), server.apply(7, [a2])], [[true], [true]]);
  assert.equal(other.value('a')?.bytes, 1_300_000);
});

test('parts in a snapshot are written as upstream has them', () => {
  const server = new Server();
  const data = Uint8Array.of(1, 2);
  server.apply(5, [{ data, extensions: encodeChunkInfo({ operation: 300n, sequence: 1, chunks: 3 }) }]);
  const numbers = 'a94e756d4368756e6b7303a54f704e756dcd012cab53657175656e63654e756d01a45465726d05';
  const part = `85a444617461a20102${numbers}`;
  const expected = `1d81a84368756e6b4d617081cd012c93c0${part}c0`;
  assert.ok(Buffer.from(server.state).toString('hex').endsWith(expected));
  const reader = new StateReader();
  reader.push(server.state);
  const [set] = reader.finish().chunks.values();
  assert.deepEqual(set, { operation: 300n, term: 5, chunks: [null, data, null] });
});

test('of parts that nobody completes no more than 256 MiB are kept', () => {
  const server = new Server();
  const data = new Uint8Array(1 << 20);
  const part = (operation: number) => ({
    data,
    extensions: encodeChunkInfo({ operation: BigInt(operation), sequence: 0, chunks: 2 }),
  });
  server.apply(
    1,
    Array.from({ length: 256 }, (_, at) => part(at)),
  );
  assert.equal(server.store.tables.chunks.size, 256);
  server.apply(1, [part(1000)]);
  assert.equal(server.store.tables.chunks.size, 1);
});

test('a part that cannot be one stops the server; what nobody can read is refused, as everywhere', () => {
  const server = new Server();
  const data = Uint8Array.of(2);
  const apply = (...extensions: number[]) =>
    server.apply(1, [{ data, extensions: Uint8Array.from(extensions) }]);
  assert.match(String(apply(0x08)[0]), /^error unmarshaling chunk info: /);
  assert.deepEqual(server.fatal, []);
  apply(0x10, 5, 0x18, 2);
  apply(0x18, 0xff, 0xff, 0x7f);
  const [first = '', second = ''] = server.fatal;
  assert.match(first, /cannot be read: part 5 of a command of 2\./);
  assert.match(second, /cannot be read: a command of 2097151 parts\./);
});
