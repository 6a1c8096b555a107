// T0-25: user events, from the request that sends one to the list of those that an agent has seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeWith, gossipDialect } from '@reeve/bytes';
import { UserEvents } from '../../dist/agent/events/user-events.js';
import { type ReceivedEvent, userEventCodec } from '../../dist/core/index.js';
import { eventIndex } from '../../dist/http/event-log.js';
import { eventRoutes } from '../../dist/http/routes/event.js';
import { askOf, httpAgentOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';
import { Replay } from '../kit/replay.js';

test('T0-25: events are sent, filtered, listed and refused as by the original', async () => {
  const { replay, arrive, server } = start();
  await replay.check('event/list-empty');
  for (const name of ['fire', 'fire-no-payload', 'fire-filters', 'fire-filter-nomatch']) {
    await replay.check(`event/${name}`);
  }
  arrive();
  for (const name of ['list', 'list-name', 'list-name-missing', 'fire-bad-regex-500', 'fire-noname-400']) {
    await replay.check(`event/${name}`);
  }
  for (const name of ['fire-post-405', 'fire-tag-without-service-500', 'fire-too-big-500']) {
    await replay.check(`event/${name}`);
  }
  await replay.check('event/fire-unknown-dc-500');
  const waited = replay.check('event/list-blocking-timeout');
  await server.run(1_000);
  await waited;
});

test('T0-25: a request that waits is answered by the next event of its name, and by no other', async () => {
  const { ask, arrive, server } = start();
  await ask('PUT /v1/event/fire/deploy', '1');
  arrive();
  const index = (await ask('GET /v1/event/list?name=deploy')).headers['X-Consul-Index'];
  let answer = '';
  const waiting = ask(`GET /v1/event/list?name=deploy&index=${index}`).then(({ text }) => {
    answer = text;
  });
  await ask('PUT /v1/event/fire/other', '2');
  arrive();
  await server.run(1_000);
  assert.equal(answer, '');
  await ask('PUT /v1/event/fire/deploy', '3');
  arrive();
  await waiting;
  assert.match(answer, /"Payload": "MQ==".*"Payload": "Mw=="/s);
});

test('T0-25: an agent keeps the last 256 events, and remote commands never', async () => {
  const { ask, arrive, commands } = start();
  for (let i = 0; i <= 256; i++) await ask('PUT /v1/event/fire/e', `${i}`);
  await ask('PUT /v1/event/fire/_rexec', '{}');
  arrive();
  const events = JSON.parse((await ask('GET /v1/event/list')).text) as { Payload: string }[];
  assert.equal(events.length, 256);
  assert.equal(events[0]?.Payload, Buffer.from('1').toString('base64'));
  assert.deepEqual(
    commands.map(({ name }) => name),
    ['_rexec'],
  );
});

test('an event that is no event, or has a filter that is none, is dropped with one line', () => {
  const { events, server } = start();
  const gossip = (payload: Uint8Array) =>
    events.onGossip({ kind: 'user', name: 'consul:event:x', payload, lTime: 1, coalesce: false });
  gossip(new Uint8Array([0xc1]));
  const broken = { ...userEventCodec.zero(), name: 'x', nodeFilter: '[' };
  gossip(encodeWith(userEventCodec, gossipDialect, broken));
  assert.deepEqual(events.recent(''), []);
  assert.equal(server.log.length, 2);
});

test('an id that is no UUID has an index all the same', () => {
  assert.equal(eventIndex([{ ...userEventCodec.zero(), id: 'zz', lTime: 1 }]), 1n);
});

/** An agent with a service, whose events go to nobody before `arrive`. */
function start() {
  const server = startLoneServer();
  const commands: ReceivedEvent[] = [];
  const events = new UserEvents({
    runtime: server.context.runtime,
    audience: { nodeName: 'dev1', services: () => new Map([['web', ['primary']]]) },
    onRemoteExec: (event) => void commands.push(event),
  });
  const agent = { ...httpAgentOf(server.caller), events };
  const ask = askOf(agent, eventRoutes, { alwaysPretty: true });
  let seen = 0;
  const arrive = () => {
    for (; seen < server.events.length; seen++) {
      const { name = '', payload = new Uint8Array(0) } = server.events[seen] ?? {};
      events.onGossip({ kind: 'user', name, payload, lTime: seen + 2, coalesce: false });
    }
  };
  return { server, events, ask, arrive, commands, replay: new Replay(ask) };
}
