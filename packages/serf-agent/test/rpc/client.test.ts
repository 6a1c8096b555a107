// What the client makes of agents that misbehave. What it says and hears otherwise, the command tests show.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { concatBytes, encodeWith, rpcDialect } from '@reeve/bytes';
import { type Network, NetworkError } from '@reeve/runtime';
import { createNetwork } from '@reeve/runtime/node';
import { RpcClient } from '../../dist/rpc/client.js';
import { replyHeader } from '../../dist/rpc/wire/headers.js';
import { logRecord, queryRecord } from '../../dist/rpc/wire/records.js';

test('an address that cannot be, a name that is none, and a port where nobody listens', async () => {
  const refusal = async (address: string): Promise<string> => {
    const client = RpcClient.connect({ address, authKey: '' });
    return client.then(
      () => 'connected',
      (error: Error) => error.message,
    );
  };
  assert.equal(await refusal(''), 'dial tcp: missing address');
  assert.equal(await refusal('nonsense'), 'dial tcp: address nonsense: missing port in address');
  assert.equal(await refusal('1.2.3:7373'), 'dial tcp: lookup 1.2.3: no such host');
});

test('connecting takes only so long', async () => {
  let timeoutMs = 0;
  const network: Network = {
    ...createNetwork(),
    dial(to, timeout, handler) {
      timeoutMs = timeout;
      queueMicrotask(() =>
        handler.onClosed(new NetworkError('ETIMEDOUT', `dial tcp ${to.host}: i/o timeout`)),
      );
      return createNetwork().dial({ host: '127.0.0.1', port: 1 }, 1, {
        onData() {},
        onEnd() {},
        onClosed() {},
      });
    },
  };
  const connecting = RpcClient.connect({ address: '10.0.0.1:7373', authKey: '', network });
  await assert.rejects(connecting, { message: 'dial tcp 10.0.0.1: i/o timeout' });
  assert.equal(timeoutMs, 10_000);
});

test('replies and records are told apart by their numbers, in whatever order they come', async (t) => {
  const client = await connectTo(t, (socket, seq) => {
    if (seq === 2) socket.write(header(2)); // the monitor begins
    if (seq !== 3) return;
    socket.write(concatBytes([header(9), header(2), encodeWith(logRecord, rpcDialect, { log: 'one' })]));
    socket.write(header(3));
    socket.write(concatBytes([header(2), encodeWith(logRecord, rpcDialect, { log: 'two' })]));
  });
  const lines: string[] = [];
  const ended = client.monitor('info', (line) => lines.push(line));
  await client.userEvent('e', null, true);
  while (lines.length < 2) await once(process, 'never', { signal: AbortSignal.timeout(5) }).catch(() => {});
  assert.deepEqual(lines, ['one', 'two']);
  client.close();
  await ended;
});

test('nothing is told of a query before it has begun, even if all arrives at once', async (t) => {
  const record = (type: string): Uint8Array =>
    encodeWith(queryRecord, rpcDialect, { type, from: 'a', payload: null });
  const client = await connectTo(t, (socket, seq) => {
    if (seq === 2) {
      socket.write(
        concatBytes([
          header(2),
          header(2),
          record('ack'),
          header(2),
          record('strange'),
          header(2),
          record('done'),
        ]),
      );
    }
  });
  const told: string[] = [];
  await client.query(anyQuery, {
    onStart: () => told.push('start'),
    onAck: (from) => told.push(`ack ${from}`),
    onResponse: (from) => told.push(`response ${from}`),
  });
  assert.deepEqual(told, ['start', 'ack a']);
});

test('an agent that talks nonsense is hung up on, and everybody who waits hears of it', async (t) => {
  const client = await connectTo(t, (socket, seq) => {
    if (seq === 2) socket.write(Uint8Array.of(0xc1));
  });
  await assert.rejects(client.members(), { message: 'client closed' });
  await assert.rejects(client.stats(), { message: 'client closed' });
});

test('a reply whose body does not fit is nonsense too', async (t) => {
  const client = await connectTo(t, (socket, seq) => {
    if (seq === 2) socket.write(concatBytes([header(2), Uint8Array.of(0x05)]));
  });
  await assert.rejects(client.members(), { message: 'client closed' });
});

test('an agent that hangs up in the middle of a reply ends the wait', async (t) => {
  const client = await connectTo(t, (socket, seq) => {
    if (seq === 2) socket.end(concatBytes([header(2), Uint8Array.of(0x81)]));
  });
  await assert.rejects(client.members(), { message: 'client closed' });
});

test('a refusal of the handshake is an error', async (t) => {
  const port = await listen(t, (socket) => socket.write(header(1, 'Unsupported IPC version')));
  await assert.rejects(RpcClient.connect({ address: `127.0.0.1:${port}`, authKey: '' }), {
    message: 'Unsupported IPC version',
  });
});

const anyQuery = {
  filterNodes: null,
  filterTags: new Map(),
  requestAck: true,
  relayFactor: 0,
  timeoutNs: 0,
  name: 'q',
  payload: null,
};

function header(seq: number, error = ''): Uint8Array {
  return encodeWith(replyHeader, rpcDialect, { seq: BigInt(seq), error });
}

/** A client of an agent that accepts the handshake; `onRequest` answers the rest, one call a chunk. */
async function connectTo(
  t: TestContext,
  onRequest: (socket: Socket, seq: number) => void,
): Promise<RpcClient> {
  const port = await listen(t, (socket, seq) => {
    if (seq === 1) socket.write(header(1));
    else onRequest(socket, seq);
  });
  const client = await RpcClient.connect({ address: `127.0.0.1:${port}`, authKey: '' });
  t.after(() => client.close());
  return client;
}

async function listen(t: TestContext, onRequest: (socket: Socket, seq: number) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // Several requests may come in one chunk: each header ends in its number.
      for (const [, seq = ''] of chunk.toString('latin1').matchAll(/Seq(.)/gs)) {
        onRequest(socket, seq.charCodeAt(0));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as { port: number }).port;
}
