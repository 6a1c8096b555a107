// States that come as a whole, from a leader or from an operator, while other things go on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MsgpackReader } from '@reeve/bytes';
import {
  connectByFirstByte,
  defaultConfig,
  MemoryLogDisk,
  MemoryLogStore,
  MemorySnapshots,
  RaftNode,
} from '@reeve/raft';
import { encodeConfiguration, encodeRequest, type Request, readAnswer } from '@reeve/raft/core';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { entry, voters } from './core-kit.ts';
import { ListMachine, SimulatedServer } from './simulation/server.ts';

test('a snapshot that is no state is refused, is not kept, and the server goes on', () => {
  const world = new VirtualWorld({ seed: 3 });
  const server = new SimulatedServer(world.host('10.0.0.1'), defaultConfig, () => 1, 'memory');
  server.start();
  world.run(100);
  const install = (state: string, index: number): string => {
    let received = new Uint8Array();
    const stream = world.host('10.0.0.2').runtime.network.dial({ host: '10.0.0.1', port: 8300 }, 500, {
      onData: (chunk) => {
        received = Buffer.concat([received, chunk]);
      },
      onEnd() {},
      onClosed() {},
    });
    const request = encodeRequest(installOf(state, index));
    stream.write(Buffer.concat([Buffer.of(1), request, Buffer.from(state)]));
    world.run(1_000);
    return JSON.stringify(readAnswer(new MsgpackReader(received), 'install-snapshot'));
  };
  assert.match(install('1 a\nnonsense\n', 100), /"isSuccess":false/);
  assert.deepEqual([server.machine.restores, server.node?.state.snapshot], [0, undefined]);
  assert.match(install('1 a\n2 b\n', 200), /"isSuccess":true/);
  assert.equal(server.node?.state.appliedIndex, 200);
  assert.deepEqual(
    server.machine.commands.map(({ text }) => text),
    ['a', 'b'],
  );
  assert.equal(server.machine.othersRead, 2);
  assert.equal(server.fatal, undefined);
});

test('a snapshot that entries have overtaken while it was kept is forgotten', () => {
  const { world, node, snapshots, hear } = disturbed(() => {
    const entries = [configuration, entry(2, 5), entry(3, 5), entry(4, 5)];
    hear({ ...from, kind: 'append-entries', prevIndex: 0, prevTerm: 0, entries, leaderCommit: 4 });
  });
  const state = '1 a\n2 b\n';
  hear(installOf(state, 3), state);
  world.run(100);
  assert.deepEqual(
    [node.state.appliedIndex, node.state.snapshot, snapshots.latest],
    [4, undefined, undefined],
  );
});

test('who loses leadership while it keeps what an operator restores forgets that', () => {
  const { world, node, snapshots, hear } = disturbed(() => hear({ ...from, kind: 'heartbeat' }));
  node.bootstrap(voters(1));
  world.run(100);
  const ends: (string | undefined)[] = [];
  node.restore(Buffer.from('1 restored\n'), 100, (result) =>
    ends.push(result.ok ? undefined : result.error.code),
  );
  world.run(100);
  assert.deepEqual([ends, snapshots.latest], [['leadership-lost'], undefined]);
  assert.ok(node.state.log.lastIndex < 100);
});

test('what is proposed while a state is restored comes behind it', () => {
  const indexes: (number | string)[] = [];
  const { world, node } = disturbed(() => {
    node.apply(Buffer.from('x'), 0, (result) =>
      indexes.push(result.ok ? result.value.index : result.error.message),
    );
  });
  node.bootstrap(voters(1));
  world.run(100);
  node.restore(Buffer.from('1 restored\n'), 100, () => {});
  world.run(100);
  assert.deepEqual(indexes, [102]);
});

/** A server of which others ask things at once, also while it keeps a snapshot. */
function disturbed(onSaving: () => void) {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime } = world.host('10.0.0.1');
  const snapshots = new (class extends MemorySnapshots {
    override save(...parts: Parameters<MemorySnapshots['save']>): void {
      onSaving();
      super.save(...parts);
    }
  })(runtime.timers);
  const node = new RaftNode({
    runtime,
    config: defaultConfig,
    id: 's1',
    address: '10.0.0.1:8300',
    store: new MemoryLogStore(runtime.timers, new MemoryLogDisk()),
    snapshots,
    stateMachine: new ListMachine(),
    connect: connectByFirstByte(runtime.network, 100),
    onFatal: (error) => {
      throw error;
    },
  });
  const hear = (request: Request, state = ''): void => {
    const nothing = (): void => {};
    const calls = { write: nothing, writeAll: nothing, pause: nothing, resume: nothing };
    const ends = { end: nothing, destroy: nothing };
    const stream = { remote: { host: '10.0.0.2', port: 1 }, isFull: false, ...calls, ...ends };
    node.accept(stream).onData(Buffer.concat([encodeRequest(request), Buffer.from(state)]));
  };
  return { world, node, snapshots, hear };
}

function installOf(state: string, index: number): Request {
  const meta = { index, term: 5, configuration: voters(3), configurationIndex: 1 };
  const snapshot = { ...meta, sizeBytes: state.length };
  return { kind: 'install-snapshot', ...from, snapshot };
}

const from = { term: 5, leader: '10.0.0.2:8300' } as const;
const configuration = {
  ...entry(1, 5),
  type: 'configuration',
  data: encodeConfiguration(voters(3)),
} as const;
