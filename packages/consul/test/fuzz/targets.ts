// What is fuzzed of this package: the real program's log and snapshot, what goes over the server port, DNS,
// HTTP, gossip, configuration, services and checks, files of the data directory.

import assert from 'node:assert/strict';
import { DecodeError, encodeWith, gossipDialect } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { readRaftLog, readStateAfterLog } from '@reeve/golden';
import { applyCommand, UnknownCommandError } from '../../dist/core/commands/apply-command.js';
import { StateReader } from '../../dist/core/snapshot/state-reader.js';
import { writeState } from '../../dist/core/snapshot/state-writer.js';
import { StateStore } from '../../dist/core/state/state-store.js';
import { cloneTables, type Tables } from '../../dist/core/state/tables.js';
import { decodeChunkInfo, encodeChunkInfo } from '../../dist/core/wire/chunks.js';
import { type Command, decodeCommand, encodeCommand } from '../../dist/core/wire/command.js';
import { MessageReader } from '../../dist/rpc/snapshot/message-before-bytes.js';
import { snapshotRequestCodec } from '../../dist/rpc/snapshot/snapshot-messages.js';
import { decodeHeader, encodeFrame, headerBytes } from '../../dist/rpc/yamux/frame.js';
import { FrameReader } from '../../dist/rpc/yamux/frame-reader.js';
import { bodyTargets } from './bodies.ts';
import { cliTargets } from './cli.ts';
import { configTargets } from './config.ts';
import { definitionTargets } from './definitions.ts';
import { dnsTargets } from './dns.ts';
import { fileTargets } from './files.ts';
import { gossipTargets } from './gossip.ts';
import { httpTargets } from './http.ts';
import { rpcTargets } from './rpc.ts';
import { textTargets } from './texts.ts';

const refuses = (error: unknown) => error instanceof DecodeError;

const commands: FuzzTarget = {
  name: 'commands',
  promise: 'damaged commands are refused, or can be encoded and read again',
  seeds: [...readRaftLog(), ...readRaftLog('access-log')]
    .filter(({ type }) => type === 0)
    .map(({ data }) => data),
  open: () => ({
    run: (input) => {
      const command = decodeCommand(input);
      if (command.type === 'unknown') return;
      const encoded = encodeCommand(command);
      assert.deepEqual(encodeCommand(decodeCommand(encoded) as Command), encoded);
    },
  }),
  refuses,
};

/** A state with something of everything that commands can hit. */
const populated = (): StateStore => {
  const reader = new StateReader();
  reader.push(readStateAfterLog('access-log'));
  const store = new StateStore({ clock: { now: () => 0 } });
  store.replace(reader.finish());
  return store;
};

const applied: FuzzTarget = {
  name: 'applied commands',
  promise: 'a damaged command is refused, or leaves a state that can be saved and restored',
  seeds: commands.seeds,
  open: () => {
    const store = populated();
    const full = store.snapshot();
    let index = 1000;
    return {
      run: (input) => {
        store.replace(cloneTables(full));
        applyCommand(store, ++index, input);
        const reader = new StateReader();
        for (const piece of writeState(store.snapshot())) reader.push(piece);
        const restored = reader.finish();
        for (const [name, { size }] of Object.entries(store.tables)) {
          assert.equal(restored[name as keyof Tables].size, size, name);
        }
      },
    };
  },
  refuses: (error) => refuses(error) || error instanceof UnknownCommandError,
};

const chunkInfos: FuzzTarget = {
  name: 'parts of commands',
  promise: 'what an entry says of the part that it is is refused, or can be written and read again',
  seeds: ['08ce89e2d7d0ccdebbfe011802', '08b4d081b1e1948797de0110021803'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  open: () => ({
    run: (input) => {
      const info = decodeChunkInfo(input);
      assert.deepEqual(decodeChunkInfo(encodeChunkInfo(info)), info);
    },
  }),
  refuses,
};

const snapshotMessages: FuzzTarget = {
  name: 'snapshot messages',
  promise: 'damaged messages before an archive are refused, or end where the archive begins',
  seeds: [encodeWith(snapshotRequestCodec, gossipDialect, snapshotRequestCodec.zero())],
  open: () => ({
    run: (input) => {
      const whole = new MessageReader(snapshotRequestCodec).push(input);
      const reader = new MessageReader(snapshotRequestCodec);
      const half = input.length >> 1;
      const first = reader.push(input.subarray(0, half));
      const found = first ?? reader.push(input.subarray(half));
      assert.deepEqual(found?.message, whole?.message);
      if (first === undefined) assert.deepEqual(found?.rest, whole?.rest);
    },
  }),
  refuses,
};

const states: FuzzTarget = {
  name: 'state.bin',
  promise: 'damaged snapshots are refused, or are a state that can be written',
  seeds: [readStateAfterLog(), readStateAfterLog('access-log')],
  open: () => ({
    run: (input) => {
      const reader = new StateReader();
      reader.push(input.subarray(0, input.length >> 1));
      reader.push(input.subarray(input.length >> 1));
      const tables = reader.finish();
      for (const piece of writeState(tables)) assert.ok(piece.length > 0);
    },
  }),
  refuses,
};

const frames: FuzzTarget = {
  name: 'yamux frames',
  promise: 'damaged frames are refused, or are all there is between their ends',
  seeds: [
    encodeFrame({ type: 'data', flags: 1, streamId: 1, length: 3 }, Uint8Array.of(1, 2, 3)),
    encodeFrame({ type: 'ping', flags: 2, streamId: 0, length: 7 }),
    encodeFrame({ type: 'window-update', flags: 4, streamId: 3, length: 2 ** 32 - 1 }),
  ],
  open: () => ({
    run: (input) => {
      let taken = 0;
      let payloadLeft = 0;
      const reader = new FrameReader({
        onHeader: (header) => {
          assert.deepEqual(header, decodeHeader(input.subarray(taken)));
          taken += headerBytes;
          payloadLeft = header.type === 'data' ? header.length : 0;
        },
        onPayload: (piece) => {
          taken += piece.length;
          payloadLeft -= piece.length;
        },
        onFrameEnd: () => assert.equal(payloadLeft, 0),
      });
      const half = input.length >> 1;
      reader.push(input.subarray(0, half));
      reader.push(input.subarray(half));
      assert.ok(taken <= input.length && input.length - taken < headerBytes);
    },
  }),
  refuses,
};

export const targets: readonly FuzzTarget[] = [
  commands,
  applied,
  states,
  chunkInfos,
  snapshotMessages,
  frames,
  ...dnsTargets,
  ...rpcTargets,
  ...httpTargets,
  ...textTargets,
  ...configTargets,
  ...definitionTargets,
  ...bodyTargets,
  ...cliTargets,
  ...fileTargets,
  ...gossipTargets,
];
