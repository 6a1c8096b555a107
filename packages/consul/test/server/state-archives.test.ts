// T2-4: a server saves its state as an archive, and takes one over as the state of its cluster.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { defaultConfig, MemoryLogStore, MemorySnapshots, RaftNode } from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import {
  type Command,
  ConsulStateMachine,
  encodeCommand,
  readKey,
  StateStore,
} from '../../dist/core/index.js';
import { StateArchives } from '../../dist/server/state-archives.js';
import { type ArchiveMetadata, readArchive, writeArchive } from '../../dist/snapshot-archive/index.js';
import { keyValue } from '../kit/state-rig.js';

test('T2-4: what was saved comes back, with an index above both', async () => {
  const saver = await LoneServer.start();
  await saver.set('a', 'saved');
  const saved = await saver.settle(saver.archives.save());
  const archive = await bytesOf(saved.archive);
  await saver.set('a', 'changed');
  await saver.set('b', 'new');
  await saver.settle(saver.archives.restore(one(archive)));
  assert.deepEqual([saver.value('a'), saver.value('b')], ['saved', undefined]);
  const { appliedIndex } = saver.raft.state;
  assert.ok(appliedIndex > saved.index + 2);
  await saver.set('c', 'later');
  assert.equal(readKey(saver.store.tables, null, 'c').value?.createIndex, saver.raft.state.appliedIndex);
});

test('T2-4: an archive says where in the log it was taken, and who took part', async () => {
  const server = await LoneServer.start();
  await server.set('a', 'x');
  const { index, archive } = await server.settle(server.archives.save());
  const onState = () => {};
  const metadata = await readArchive(archive, { onState, stateBytesMax: 1e6 });
  assert.deepEqual([metadata.index, metadata.term, metadata.configurationIndex], [index, 2, 1]);
  assert.match(metadata.id, new RegExp(`^2-${index}-[0-9]+$`));
  assert.deepEqual(metadata.configuration.servers, [
    { suffrage: 'voter', id: 's1', address: '10.0.0.1:8300' },
  ]);
  assert.equal(Buffer.from(metadata.peers).toString('latin1'), '\x91\xad10.0.0.1:8300');
});

test('a state that has not changed is saved again', async () => {
  const server = await LoneServer.start();
  await server.set('a', 'x');
  const first = await server.settle(server.archives.save());
  const second = await server.settle(server.archives.save());
  assert.equal(second.index, first.index);
  assert.ok((await bytesOf(second.archive)).length > 100);
});

test('a restore that is refused changes nothing', async () => {
  const server = await LoneServer.start();
  await server.set('a', 'kept');
  const saved = await server.settle(server.archives.save());
  const metadata = await readArchive(saved.archive, { onState: () => {}, stateBytesMax: 1e6 });
  const refused = async (archive: AsyncIterable<Uint8Array>, message: RegExp | string) => {
    await assert.rejects(server.settle(server.archives.restore(archive)), { message });
    await server.set('b', 'writable');
    assert.equal(server.value('a'), 'kept');
  };
  await refused(one(Buffer.from('garbage')), 'failed to decompress snapshot: unexpected EOF');
  await refused(
    archiveOf(metadata, Buffer.from('garbage')),
    /^failed to read snapshot file: failed to decode state: /,
  );
  const header = Buffer.from('81a94c617374496e64657801', 'hex');
  await refused(archiveOf(metadata, header.subarray(0, 5)), /failed to decode state: the state ends inside/);
  await refused(
    archiveOf(metadata, Buffer.concat([header, Buffer.from('6380', 'hex')])),
    /Unrecognized msg type 99/,
  );
});

test('one archive is restored at a time', async () => {
  const server = await LoneServer.start();
  await server.set('a', 'kept');
  const archive = await bytesOf((await server.settle(server.archives.save())).archive);
  let goOn = () => {};
  const slow = server.archives.restore(
    (async function* () {
      yield archive.subarray(0, 50);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield archive.subarray(50);
    })(),
  );
  await setImmediate();
  await assert.rejects(server.archives.restore(one(archive)), {
    message: 'another snapshot is being restored',
  });
  goOn();
  await server.settle(slow);
  await server.settle(server.archives.restore(one(archive)));
});

test('only a leader restores', async () => {
  const server = await LoneServer.start();
  const { archive } = await server.settle(server.archives.save());
  const other = await LoneServer.start({ isBootstrap: false });
  await assert.rejects(other.settle(other.archives.restore(archive)), {
    message: 'Raft error when restoring snapshot: node is not the leader',
  });
});

/** A server alone with its raft, on virtual time. */
class LoneServer {
  readonly #world: VirtualWorld;
  readonly store: StateStore;
  readonly raft: RaftNode;
  readonly archives: StateArchives;

  static async start({ isBootstrap = true } = {}): Promise<LoneServer> {
    const world = new VirtualWorld({ seed: 1 });
    const server = new LoneServer(world);
    if (!isBootstrap) return server;
    server.raft.bootstrap({ servers: [{ suffrage: 'voter', id: 's1', address: '10.0.0.1:8300' }] });
    world.run(60_000);
    assert.equal(server.raft.state.role, 'leader');
    return server;
  }

  private constructor(world: VirtualWorld) {
    const { runtime } = world.host('10.0.0.1');
    const snapshots = new MemorySnapshots(runtime.timers);
    const onFatal = (error: Error) => {
      throw error;
    };
    this.#world = world;
    this.store = new StateStore({ clock: runtime.clock });
    this.raft = new RaftNode({
      runtime,
      config: defaultConfig,
      id: 's1',
      address: '10.0.0.1:8300',
      store: new MemoryLogStore(runtime.timers),
      snapshots,
      stateMachine: new ConsulStateMachine({ store: this.store, onFatal }),
      connect: () => assert.fail('it is alone'),
      onFatal,
    });
    this.archives = new StateArchives({ runtime, raft: this.raft, snapshots });
  }

  async set(key: string, text: string): Promise<void> {
    const request = {
      datacenter: 'dc1',
      token: '',
      operation: 'set',
      entry: keyValue(key, { value: Buffer.from(text) }),
    };
    const command: Command = { type: 'keyValue', request };
    await this.settle(
      new Promise<void>((resolve, reject) => {
        this.raft.apply(encodeCommand(command), 0, (result) =>
          result.ok ? resolve() : reject(result.error),
        );
      }),
    );
  }

  value(key: string): string | undefined {
    const entry = readKey(this.store.tables, null, key).value;
    return entry === null ? undefined : Buffer.from(entry.value).toString();
  }

  /** Lets time pass, and what really takes time happen, until a promise has settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const deadlineMs = performance.now() + 20_000;
    while (!isSettled) {
      assert.ok(performance.now() < deadlineMs, 'not settled');
      await setImmediate();
      this.#world.run(5);
    }
    return promise;
  }
}

function archiveOf(metadata: ArchiveMetadata, state: Uint8Array): AsyncIterable<Uint8Array> {
  return writeArchive({ ...metadata, stateBytes: state.length }, [state]);
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
