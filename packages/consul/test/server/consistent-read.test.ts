// What `?consistent` is for: a server that does not know yet that another one leads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../dist/waiting/pause.js';
import { httpOf } from '../kit/ask-http.js';
import { Cluster } from '../kit/cluster.js';

test('who stood still while another was elected answers consistently what that one has written', async () => {
  const cluster = new Cluster();
  await cluster.startThree();
  const old = await cluster.awaitLeader();
  const host = cluster.host(cluster.nameOf(old));
  await cluster.ask(old)('PUT /v1/kv/k', 'old');

  host.block(30_000);
  // The first thing that the process hears when it runs again, before it can notice what time it is.
  const answering = pause(host.runtime, 0).then(() => httpOf(old.caller)('GET /v1/kv/k?consistent&raw'));
  const others = [...cluster.servers.values()].filter((server) => server !== old);
  const successor = () => others.find(({ context }) => context.leadership.isEstablished);
  await cluster.until(() => successor() !== undefined, 30_000);
  const leader = successor();
  assert.ok(leader);
  assert.equal((await cluster.ask(leader)('PUT /v1/kv/k', 'new')).text, 'true');
  assert.ok(host.isBlocked && old.consensus.isLeader, 'it still thinks that it leads');

  const { status, text } = await cluster.settle(answering);
  if (status === 200) assert.equal(text, 'new');
  else assert.equal(status, 500);
  assert.equal((await cluster.ask(old)('GET /v1/kv/k?consistent&raw')).text, 'new');
});
