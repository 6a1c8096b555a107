// What a configuration limits of those who call the server's port, and of what they write.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type AgentRun, startAgent } from '../kit/run-agent.ts';

const isUp = 'Consul agent running!\n';
const hasLeader = 'cluster leadership acquired';

test('T1-13: who calls the server and says nothing for rpc_handshake_timeout is hung up on', async (t) => {
  const run = await startAgent(t, '-dev', '-hcl=limits { rpc_handshake_timeout = "50ms" }');
  await run.printed(isUp);
  const [silent, speaking] = [opened(t, run), opened(t, run)];
  speaking.write(Uint8Array.of(4)); // many calls over one connection
  await once(silent, 'close');
  await run.printed('agent.server.rpc: failed to read byte');
  assert.equal(speaking.destroyed, false);
});

test('T1-13: a client has at most rpc_max_conns_per_client connections to the server', async (t) => {
  const run = await startAgent(t, '-dev', '-hcl=limits { rpc_max_conns_per_client = 2 }');
  await run.printed(isUp);
  const kept = [opened(t, run), opened(t, run)];
  for (const socket of kept) {
    socket.write(Uint8Array.of(4));
    await once(socket, 'connect');
  }
  await once(opened(t, run), 'close');
  assert.deepEqual(
    kept.map(({ destroyed }) => destroyed),
    [false, false],
  );
});

test('T1-13: values over kv_max_value_size and transactions over txn_max_req_len are refused', async (t) => {
  const limits = '-hcl=limits { kv_max_value_size = 10, txn_max_req_len = 20 }';
  const run = await startAgent(t, '-dev', limits);
  await run.printed(hasLeader);
  assert.equal((await run.ask('PUT /v1/kv/a', '1234567890')).status, 200);
  const see = 'See https://www.consul.io/docs/agent/options.html#';
  assert.deepEqual(await run.ask('PUT /v1/kv/a', '12345678901'), {
    status: 413,
    text: `Request body(11 bytes) too large, max size: 10 bytes. ${see}kv_max_value_size.`,
  });
  assert.deepEqual(await run.ask('PUT /v1/txn', `[${' '.repeat(19)}]`), {
    status: 413,
    text: `Request body(21 bytes) too large, max size: 20 bytes. ${see}txn_max_req_len.`,
  });
});

function opened(t: TestContext, run: AgentRun): Socket {
  const socket = connect(8300, run.address);
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  return socket;
}
