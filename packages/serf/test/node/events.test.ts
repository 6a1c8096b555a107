// Events in and out: listeners and loops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissedEvents, SerfEvent, SerfNode, UserEvent } from '@reeve/serf';
import { collect, eventually, start, startCluster } from './support/nodes.ts';

test('listeners hear the events of their name, with bytes and text as they were sent', async (t) => {
  const [a, b] = (await startCluster(t, ['a', 'b'])) as [SerfNode, SerfNode];
  const all: UserEvent[] = [];
  const deploys: string[] = [];
  b.on('user', (event) => all.push(event));
  b.on('user:deploy', ({ payload }) => deploys.push(payload.toString()));
  a.userEvent('deploy', 'värsion 2');
  const bytes = Uint8Array.of(0, 255, 10);
  a.userEvent('raw', bytes, { coalesce: true });
  bytes.fill(7);
  a.userEvent('bare');
  await eventually('all have arrived', () => all.length === 3);
  assert.deepEqual(deploys, ['värsion 2']);
  const raw = all.find(({ name }) => name === 'raw');
  assert.deepEqual(raw && [[...raw.payload], raw.coalesce], [[0, 255, 10], true]);
  const bare = all.find(({ name }) => name === 'bare');
  assert.deepEqual(bare && [bare.payload.length, bare.coalesce], [0, false]);
  assert.deepEqual(all.map(({ lTime }) => lTime).toSorted(), [1, 2, 3]);
});

test('kinds are typed: a listener gets what its name promises', async (t) => {
  const node = await start(t, 'a');
  node.on('member-join', (event) => event.kind satisfies 'member-join');
  node.on('user:deploy', (event) => event.payload satisfies Buffer);
  node.on('query', (event) => event.respond('x'));
  // @ts-expect-error there is no such event
  node.on('member-joined', () => {});
});

test('who has stopped listening hears nothing more, not even what is under way', async (t) => {
  const node = await start(t, 'a');
  const heard: string[] = [];
  const listener = ({ name }: UserEvent): void => void heard.push(name);
  const stops = [node.on('user', listener), node.on('user', listener)];
  node.userEvent('one');
  await eventually('both have heard', () => heard.length === 2);
  node.userEvent('two');
  for (const stop of stops) stop();
  node.userEvent('three');
  await node.close({ leave: false });
  assert.deepEqual(heard, ['one', 'one']);
});

test('a listener may do anything: here it joins, sends, and closes the node', async (t) => {
  const [a, b] = [await start(t, 'a'), await start(t, 'b')];
  const done = new Promise<void>((resolve, reject) => {
    b.on('member-join', ({ members }) => {
      if (members.some(({ name }) => name === 'a')) b.userEvent('welcome', 'a');
    });
    b.on('user:welcome', () => {
      b.setTags({ met: 'a' })
        .then(() => b.close())
        .then(resolve, reject);
    });
  });
  await a.join([`${b.self.host}:${b.self.port}`]);
  await done;
});

test('large events travel when they are allowed', async (t) => {
  const [a, b] = (await startCluster(t, ['a', 'b'], { serf: { userEventSizeLimitBytes: 9_216 } })) as [
    SerfNode,
    SerfNode,
  ];
  let payload: Buffer | undefined;
  b.on('user', (event) => {
    payload = event.payload;
  });
  a.userEvent('big', new Uint8Array(9_000).fill(1));
  await eventually('it has arrived', () => payload !== undefined);
  assert.equal(payload?.length, 9_000);
  assert.throws(() => a.userEvent('big', new Uint8Array(9_300)), /exceeds configured limit of 9216 bytes/);
});

test('a loop gets everything from its beginning on, and ends with the node', async (t) => {
  const node = await start(t, 'a');
  node.userEvent('before');
  const loop = collect(node.events());
  node.userEvent('one');
  node.userEvent('two');
  await node.close({ leave: false });
  assert.deepEqual((await loop).map(nameOf), ['one', 'two']);
  assert.deepEqual(await collect(node.events()), [], 'a loop after the end is over at once');
});

test('a loop that is too slow is told how many events it missed', async (t) => {
  const node = await start(t, 'a');
  const loop = node.events({ bufferMax: 2 });
  for (const name of ['one', 'two', 'three', 'four']) node.userEvent(name);
  await node.close({ leave: false });
  assert.deepEqual((await collect(loop)).map(nameOf), ['missed 2', 'three', 'four']);
});

test('a loop can be left', async (t) => {
  const node = await start(t, 'a');
  const loop = node.events();
  node.userEvent('one');
  node.userEvent('two');
  for await (const event of loop) {
    assert.equal(nameOf(event), 'one');
    break;
  }
  node.userEvent('three');
  assert.deepEqual(await collect(loop), []);
});

function nameOf(event: SerfEvent | MissedEvents): string {
  if (event.kind === 'missed') return `missed ${event.count}`;
  return event.kind === 'user' || event.kind === 'query' ? event.name : event.kind;
}
