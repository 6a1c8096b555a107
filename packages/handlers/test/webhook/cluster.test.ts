// Webhooks beside a real cluster whose receiver is ill for a while.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runSerf, startWithHandler, until } from '../cluster.js';
import { folderOf } from '../handler-context.js';

test('an event reaches its URL once the receiver is well again, and no later one overtakes it', async (t) => {
  const bodies: string[] = [];
  const statuses = [500, 503];
  const server = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    response.writeHead(statuses.shift() ?? 204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const agent = await startWithHandler(t, await folderOf(t), {
    handler: 'user=npm:@reeve/handlers/webhook',
    options: { url: `http://127.0.0.1:${port}/` },
    timeout: '5s',
    retries: 5,
    retry_delay: '100ms',
  });
  await runSerf(agent, 'event', '-coalesce=false', 'deploy', 'v1');
  await runSerf(agent, 'event', '-coalesce=false', 'deploy', 'v2');
  await until('all is posted', () => bodies.length === 4, agent.output);
  const payloads = bodies.map((body) => JSON.parse(body)).map(({ node, payload }) => `${node} ${payload}`);
  assert.deepEqual(payloads, ['handler v1', 'handler v1', 'handler v1', 'handler v2']);
  assert.deepEqual(
    [...agent.output().matchAll(/\[ERR\] .* answered (.*)/g)].map(([, what]) => what),
    ['500; trying again in 100ms', '503; trying again in 200ms'],
  );
});
