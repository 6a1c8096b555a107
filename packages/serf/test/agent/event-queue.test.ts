// Events that wait for somebody slower than they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue, type EventQueueOptions } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';

test('events are handled one after the other, in the order in which they came', () => {
  const { queue, begun, end } = rig({});
  for (const name of ['a', 'b', 'c']) queue.push(event(name));
  assert.deepEqual(begun, ['a']);
  end('a');
  end('b');
  assert.deepEqual(begun, ['a', 'b', 'c']);
});

test('as many are handled at once as the concurrency says', () => {
  const { queue, begun, end } = rig({ concurrency: 2 });
  for (const name of ['a', 'b', 'c', 'd']) queue.push(event(name));
  assert.deepEqual(begun, ['a', 'b']);
  end('b');
  assert.deepEqual(begun, ['a', 'b', 'c']);
});

for (const [whenFull, kept] of [
  ['drop-oldest', ['a', 'd', 'e']],
  ['drop-newest', ['a', 'b', 'c']],
] as const) {
  test(`${whenFull}: of more events than may wait others are given up, with a line each`, () => {
    const { queue, begun, end, log } = rig({ waitingMax: 2, whenFull });
    for (const name of ['a', 'b', 'c', 'd', 'e']) queue.push(event(name));
    const dropped = ['b', 'c', 'd', 'e'].filter((name) => !kept.some((it) => it === name));
    assert.deepEqual(
      log,
      dropped.map((name) => `agent: Dropping user-event: ${name}: 2 events wait for tests`),
    );
    for (const name of kept) end(name);
    assert.deepEqual(begun, kept);
  });
}

test('nothing begins while the queue is held, and everything goes on afterwards', () => {
  const { queue, begun, end } = rig({});
  const release = queue.hold();
  for (const name of ['a', 'b']) queue.push(event(name));
  assert.deepEqual(begun, []);
  release();
  end('a');
  assert.deepEqual(begun, ['a', 'b']);
});

test('a closed queue hands out what waits, begins nothing more, and is idle when what runs has ended', () => {
  const { queue, begun, end } = rig({});
  for (const name of ['a', 'b']) queue.push(event(name));
  assert.deepEqual(queue.close(), [event('b')]);
  queue.push(event('c'));
  let isIdle = false;
  queue.whenIdle(() => {
    isIdle = true;
  });
  assert(!isIdle);
  end('a');
  assert(isIdle);
  assert.deepEqual(begun, ['a']);
});

test('a hundred thousand events that are handled at once need no stack', () => {
  let handled = 0;
  const queue = createQueue({
    waitingMax: 100_000,
    handle(_event, done) {
      handled++;
      done();
    },
  });
  const release = queue.hold();
  for (let number = 0; number < 100_000; number++) queue.push(event('a'));
  release();
  assert.equal(handled, 100_000);
});

function event(name: string): SerfEvent {
  return { kind: 'user', name, payload: new Uint8Array(), lTime: 1, coalesce: false };
}

function createQueue(options: Partial<EventQueueOptions> & Pick<EventQueueOptions, 'handle'>): EventQueue {
  const log = (): void => {};
  return new EventQueue({
    owner: 'tests',
    waitingMax: 10,
    whenFull: 'drop-newest',
    concurrency: 1,
    log,
    ...options,
  });
}

/** A queue whose events end when the test says so. */
function rig(options: Partial<EventQueueOptions>) {
  const begun: string[] = [];
  const log: string[] = [];
  const running = new Map<string, () => void>();
  const queue = createQueue({
    ...options,
    log: (_level, text) => log.push(text),
    handle(handled, done) {
      const name = 'name' in handled ? handled.name : handled.kind;
      begun.push(name);
      running.set(name, done);
    },
  });
  const end = (name: string): void => running.get(name)?.();
  return { queue, begun, log, end };
}
