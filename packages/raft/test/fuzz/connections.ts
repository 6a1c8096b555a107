// Damaged conversations with a server: whatever comes on a connection, in whatever pieces.

import assert from 'node:assert/strict';
import type { FuzzTarget } from '@reeve/fuzz';
import { MemorySnapshots, RaftTransport } from '@reeve/raft';
import { encodeRequest, type Request } from '@reeve/raft/core';
import type { NetworkStream } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { entry, voters } from '../core-kit.ts';

const snapshot = { index: 9, term: 2, configuration: voters(2), configurationIndex: 1, sizeBytes: 3 };
const leader = '10.0.0.2:8300';
const heartbeat = encodeRequest({ kind: 'heartbeat', term: 2, leader });
const append: Request = {
  kind: 'append-entries',
  term: 2,
  leader,
  prevIndex: 1,
  prevTerm: 1,
  entries: [entry(2, 2)],
  leaderCommit: 1,
};
const install = encodeRequest({ kind: 'install-snapshot', term: 2, leader, snapshot });

const connections: FuzzTarget = {
  name: 'raft connections',
  promise: 'damaged questions are the same in any pieces, and a connection that has gone is forgotten',
  seeds: [
    Buffer.concat([heartbeat, encodeRequest(append), heartbeat]),
    Buffer.concat([install, Buffer.from('abc'), heartbeat]),
  ],
  open: () => ({
    run: (input) => {
      const half = input.length >> 1;
      assert.deepEqual(converse(input.subarray(0, half), input.subarray(half)), converse(input));
    },
  }),
};

/** What is asked, and what is said of it, when these pieces come. */
function converse(...pieces: readonly Uint8Array[]): readonly string[] {
  const world = new VirtualWorld({ seed: 1 });
  const { timers, clock } = world.host('10.0.0.1').runtime;
  const heard: string[] = [];
  let isOver = false;
  const transport = new RaftTransport(
    {
      connect: () => assert.fail('nobody is asked'),
      timers,
      now: () => clock.now(),
      timeoutMs: 1_000,
      quickTimeoutMs: 1_000,
      snapshotBytesMax: 1_000,
      receiveSnapshot: (done) => new MemorySnapshots(timers).receive(done),
      isServer: () => false,
    },
    {
      onAsked: (ticket, { kind }) => {
        heard.push(kind);
        transport.reply(ticket, { kind: 'snapshot-answer', term: 2, isSuccess: true });
      },
      onAnswered: () => assert.fail('nobody was asked'),
      onFailed: () => assert.fail('nobody was asked'),
      onGone: (address) => heard.push(`${address} gone`),
      onRefused: (reason) => heard.push(reason),
    },
  );
  const stream: NetworkStream = {
    remote: { host: '10.0.0.2', port: 1 },
    isFull: false,
    write() {},
    writeAll() {},
    end() {},
    destroy: () => {
      isOver = true;
    },
    pause() {},
    resume() {},
  };
  const handler = transport.accept(stream);
  for (const piece of pieces) {
    if (!isOver) handler.onData(piece.slice());
    world.run(10);
  }
  if (!isOver) handler.onEnd();
  return heard;
}

export const connectionTargets: readonly FuzzTarget[] = [connections];
