// Methods called in the same process and from afar: the same answer, or the same error with a prefix.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { ConnectionPool } from '../../dist/rpc/connection-pool.js';
import { MethodTable } from '../../dist/rpc/method-table.js';
import { kvs, noQueryOptions, receivedBytes, status } from '../../dist/rpc/methods/index.js';
import { RemoteCaller } from '../../dist/rpc/remote-caller.js';
import { listenForCalls } from '../../dist/rpc/server-port.js';
import { usualPortLimits } from '../kit/usual-settings.js';

const keyQuery = { ...noQueryOptions, key: 'a' };

test('a method gives the same answer here and from afar', async () => {
  const { table, remote, after } = start();
  const answer = { entries: null, index: 7, lastContactNs: 0, knownLeader: true, consistencyLevel: '' };
  table.serve(kvs.get, async ({ key }) => {
    assert.equal(key, 'a');
    return answer;
  });
  assert.deepEqual(await table.call(kvs.get, keyQuery), answer);
  assert.deepEqual({ ...(await after(remote.call(kvs.get, keyQuery))) }, answer);
});

test('a list of megabytes is the same here and from afar', async () => {
  const { table, remote, after } = start();
  const entry = { lockIndex: 0, flags: 7n, session: '', createIndex: 1, modifyIndex: 2 };
  const value = new Uint8Array(1_000).fill(9);
  const entries = Array.from({ length: 3_000 }, (_, i) => ({ ...entry, key: `key ${i}`, value }));
  const answer = { entries, index: 7, lastContactNs: 0, knownLeader: true, consistencyLevel: '' };
  table.serve(kvs.list, async () => answer);
  const found = await after(remote.call(kvs.list, keyQuery));
  assert.deepEqual({ ...found, entries: found.entries?.map((each) => ({ ...each })) }, answer);
  assert.ok((receivedBytes(found.entries ?? []) ?? 0) > 3_000_000, 'and how long it was is known');
});

test('what fails here fails from afar with the prefix of a hop', async () => {
  const { table, remote, after } = start();
  table.serve(kvs.get, async () => {
    throw new Error('No cluster leader');
  });
  await assert.rejects(async () => table.call(kvs.get, keyQuery), { message: 'No cluster leader' });
  const failed = after(remote.call(kvs.get, keyQuery));
  await assert.rejects(failed, { message: 'rpc error making call: No cluster leader' });
});

test('an unknown method is refused in the words of the original, and the connection goes on', async () => {
  const { table, remote, after } = start();
  const failed = after(remote.call(kvs.get, keyQuery));
  await assert.rejects(failed, { message: "rpc error making call: rpc: can't find service KVS.Get" });
  table.serve(status.ping, async () => ({}));
  assert.deepEqual({ ...(await after(remote.call(status.ping, {}))) }, {});
});

test('who gives a waiting query up is no longer waited for', async () => {
  const { table, remote, run } = start();
  let isGivenUp = false;
  table.serve(kvs.get, (_query, signal) => {
    signal?.addEventListener('abort', () => {
      isGivenUp = true;
    });
    return new Promise(() => {});
  });
  const caller = new AbortController();
  const asked = remote.call(kvs.get, keyQuery, caller.signal);
  const ended = assert.rejects(asked, {
    message: 'rpc error making call: context canceled',
    isConnectionLost: false, // nobody is to ask again
  });
  await run();
  caller.abort();
  await ended;
  await run();
  assert.equal(isGivenUp, true);
});

test('a call that nobody waits for when it is made is not made', async () => {
  const { table, remote, run } = start();
  let isServed = false;
  table.serve(status.ping, () => {
    isServed = true;
    return {};
  });
  await assert.rejects(remote.call(status.ping, {}, AbortSignal.abort()), {
    message: 'rpc error making call: context canceled',
    wasSent: false,
  });
  await run();
  assert.equal(isServed, false);
});

/** A server's methods, and somebody far away who calls them. */
function start() {
  const world = new VirtualWorld({ seed: 11 });
  const at = { host: '10.0.0.2', port: 8300 };
  const table = new MethodTable();
  const refuse = (stream: { destroy(): void }) => {
    stream.destroy();
    return { onData() {}, onEnd() {}, onClosed() {} };
  };
  const handlers = { serve: table.serveCall, acceptRaft: refuse, acceptSnapshot: refuse };
  listenForCalls(world.host('10.0.0.2').runtime, at, handlers, usualPortLimits, () => {});
  world.run(1);
  const remote = new RemoteCaller(new ConnectionPool(world.host('10.0.0.1').runtime), at);
  /** Lets packets travel and promises settle. */
  const run = async () => {
    for (let i = 0; i < 10; i++) {
      world.run(10);
      await setImmediate();
    }
  };
  const after = async <T>(call: Promise<T>): Promise<T> => {
    call.catch(() => {});
    await run();
    return call;
  };
  return { table, remote, run, after };
}
