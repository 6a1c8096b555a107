// The RPC port on real sockets: what all clients together may cost, and how it ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { concatBytes, encodeWith, rpcDialect } from '@reeve/bytes';
import { noMetrics } from '@reeve/runtime';
import { RpcClient } from '../../dist/rpc/client.js';
import { connectionsMax } from '../../dist/rpc/limits.js';
import { RpcServer } from '../../dist/rpc/server.js';
import { requestHeader } from '../../dist/rpc/wire/headers.js';
import { handshakeRequest } from '../../dist/rpc/wire/requests.js';
import { until } from '../until.ts';
import { FakeAgent, member } from './fake-agent.ts';

test('each client is logged and counted', async (t) => {
  const counts: string[] = [];
  const metrics = { ...noMetrics, count: (name: string) => void counts.push(name) };
  const { log, client } = await serve(t, new FakeAgent(), { metrics });
  await client();
  assert.match(log.join('\n'), /^info agent\.ipc: Accepted client: 127\.0\.0\.1:\d+$/m);
  assert.deepEqual(counts, ['agent.ipc.accept', 'agent.ipc.command']);
});

test('strangers who say nothing cannot lock out a client', async (t) => {
  const { server, log, client } = await serve(t, new FakeAgent());
  const friend = await client();
  const strangers: Socket[] = [];
  for (let count = 1; count < connectionsMax; count++) {
    strangers.push(connect(server.local.port, '127.0.0.1'));
  }
  t.after(() => destroyAll(strangers));
  await Promise.all(strangers.map((stranger) => once(stranger, 'connect')));
  const [oldest] = strangers;
  assert.ok(oldest !== undefined);
  const gone = once(oldest.resume(), 'close');
  const another = await client();
  await gone;
  assert.deepEqual(await Promise.all([friend.members(), another.members()]), [[], []]);
  assert.match(log.join('\n'), /^warn agent\.ipc: Disconnecting ipc\.client: 127\.0\.0\.1:\d+, it has not/m);
});

test('clients that never read are disconnected before they cost too much memory', async (t) => {
  const agent = new FakeAgent();
  const tags = new Map([['t', 'x'.repeat(500)]]);
  agent.memberList = Array.from({ length: 20_000 }, (_, index) => member(`m${index}`, '10.0.0.1', { tags }));
  const { server, log } = await serve(t, agent);
  const greedy = Array.from({ length: 6 }, () => connect(server.local.port, '127.0.0.1'));
  t.after(() => destroyAll(greedy));
  for (const socket of greedy) {
    socket.on('error', () => {});
    socket.write(
      concatBytes([request('handshake', 1), encodeWith(handshakeRequest, rpcDialect, { version: 1 })]),
    );
    for (let seq = 2; seq < 10; seq++) socket.write(request('members', seq));
  }
  await until(() => log.some((line) => line.includes('it reads too slowly')));
});

test('when the server closes, clients get what was written to them and hear of the end', async (t) => {
  const agent = new FakeAgent();
  const { server, client } = await serve(t, agent);
  agent.onShutdown = () => void server.close();
  const leaving = await client();
  const watching = await client();
  const ended = watching.monitor('info', () => {});
  await leaving.leave();
  await ended;
  await assert.rejects(watching.members(), { message: 'client closed' });
});

test('a port that is taken is an error', async (t) => {
  const { server } = await serve(t, new FakeAgent());
  const options = { agent: new FakeAgent(), authKey: '', log: () => {}, metrics: noMetrics };
  await assert.rejects(RpcServer.listen(server.local, options), { code: 'EADDRINUSE' });
});

interface Served {
  readonly server: RpcServer;
  readonly log: readonly string[];
  client(): Promise<RpcClient>;
}

async function serve(t: TestContext, agent: FakeAgent, options: object = {}): Promise<Served> {
  const log: string[] = [];
  const write = (level: string, text: string): void => void log.push(`${level} ${text}`);
  const at = { host: '127.0.0.1', port: 0 };
  const server = await RpcServer.listen(at, {
    agent,
    authKey: '',
    log: write,
    metrics: noMetrics,
    ...options,
  });
  const clients: RpcClient[] = [];
  t.after(async () => {
    for (const client of clients) client.close();
    await server.close().catch(() => {});
  });
  return {
    server,
    log,
    async client() {
      const client = await RpcClient.connect({ address: `127.0.0.1:${server.local.port}`, authKey: '' });
      clients.push(client);
      return client;
    },
  };
}

function destroyAll(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

function request(command: string, seq: number): Uint8Array {
  return encodeWith(requestHeader, rpcDialect, { command, seq: BigInt(seq) });
}
