// The queue of broadcasts, by example and against a model that is plain and slow.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Broadcast, BroadcastQueue, retransmitLimit } from '@reeve/memberlist';
import fc from 'fast-check';

function queueOf(
  nodes: number,
  options: { retransmitMult?: number; broadcastsMax?: number } = {},
): BroadcastQueue {
  return new BroadcastQueue({ nodeCount: () => nodes, retransmitMult: 1, broadcastsMax: 1_000, ...options });
}

function text(message: Uint8Array): string {
  return Buffer.from(message).toString();
}

function broadcast(message: string, more: Partial<Broadcast> = {}): Broadcast {
  return { message: Uint8Array.from(Buffer.from(message)), ...more };
}

test('what was sent least goes first, of that the largest, of these the newest', () => {
  const queue = queueOf(10, { retransmitMult: 2 });
  for (const message of ['aa', 'b', 'cc']) queue.queue(broadcast(message));
  assert.deepEqual(queue.take(0, 3).map(text), ['cc', 'b']);
  queue.queue(broadcast('d'));
  assert.deepEqual(queue.take(0, 100).map(text), ['aa', 'd', 'cc', 'b']);
});

test('a message too large for what is left is passed over for a smaller one', () => {
  const queue = queueOf(1);
  for (const message of ['aaaaa', 'bb', 'ccc']) queue.queue(broadcast(message));
  assert.deepEqual(queue.take(1, 6).map(text), ['aaaaa']);
  assert.deepEqual(queue.take(1, 6).map(text), ['ccc']);
  assert.deepEqual(queue.take(1, 6).map(text), ['bb']);
});

test('a message is gone once it was sent often enough, and says so', () => {
  let finished = 0;
  const queue = queueOf(99, { retransmitMult: 3 });
  queue.queue(broadcast('a', { finished: () => finished++ }));
  for (let sent = 1; sent <= 6; sent++) {
    assert.equal(finished, 0);
    assert.equal(queue.take(0, 10).length, 1);
  }
  assert.equal(finished, 1);
  assert.equal(queue.size, 0);
  assert.deepEqual(queue.take(0, 10), []);
});

test('a brief message is sent half as often, and more often only for what it replaces', () => {
  const timesSent = (sentBefore: number | undefined) => {
    const queue = queueOf(99, { retransmitMult: 3 });
    if (sentBefore !== undefined) queue.queue(broadcast('old', { name: 'n' }));
    for (let sent = 0; sent < (sentBefore ?? 0); sent++) queue.take(0, 10);
    queue.queue(broadcast('new', { name: 'n', isBrief: true }));
    let sent = 0;
    while (queue.take(0, 10).map(text).includes('new')) sent++;
    return sent;
  };
  assert.deepEqual([undefined, 0, 2, 5].map(timesSent), [3, 6, 4, 3]);
});

test('a brief message is no news, unless what it replaces was; among a few nodes everything is news', () => {
  const isNews = (nodes: number, sentBefore?: number) => {
    const queue = queueOf(nodes, { retransmitMult: 4 });
    if (sentBefore !== undefined) queue.queue(broadcast('old', { name: 'n' }));
    for (let sent = 0; sent < (sentBefore ?? 0); sent++) queue.take(0, 10);
    queue.queue(broadcast('new', { name: 'n', isBrief: true }));
    return queue.hasNews;
  };
  assert.deepEqual([isNews(9), isNews(10), isNews(10, 3), isNews(10, 4)], [true, false, true, false]);
  const queue = queueOf(10, { retransmitMult: 4 });
  assert.equal(queue.hasNews, false);
  queue.queue(broadcast('a'));
  assert.equal(queue.hasNews, true);
});

test('a message is taken once at most for a packet', () => {
  const queue = queueOf(99, { retransmitMult: 3 });
  queue.queue(broadcast('a'));
  assert.deepEqual(queue.take(0, 1_000).map(text), ['a']);
});

test('[36] a newer message of the same name replaces the older one, which is then finished', () => {
  const finished: string[] = [];
  const queue = queueOf(9);
  const named = (message: string) =>
    broadcast(message, { name: 'x', finished: () => finished.push(message) });
  queue.queue(named('old'));
  queue.queue(broadcast('other'));
  queue.queue(named('new'));
  assert.deepEqual(finished, ['old']);
  assert.equal(queue.size, 2);
  assert.deepEqual(queue.take(0, 100).map(text), ['other', 'new']);
  queue.queue(named('newest'));
  assert.equal(queue.size, 1, 'a name whose message is gone replaces nothing');
});

test('pruning drops what was sent most, and of that the smallest', () => {
  const dropped: string[] = [];
  const queue = queueOf(9, { retransmitMult: 2 });
  const noted = (message: string) => broadcast(message, { finished: () => dropped.push(message) });
  for (const message of ['aaa', 'b']) queue.queue(noted(message));
  queue.take(0, 100);
  for (const message of ['cc', 'd']) queue.queue(noted(message));
  queue.prune(1);
  assert.deepEqual(dropped, ['b', 'aaa', 'd']);
  queue.reset();
  assert.deepEqual(dropped, ['b', 'aaa', 'd', 'cc']);
});

test('a full queue drops by the same order', () => {
  const queue = queueOf(9, { broadcastsMax: 2 });
  for (const message of ['aa', 'bbb', 'c']) queue.queue(broadcast(message));
  assert.equal(queue.size, 2);
  assert.deepEqual(queue.take(0, 100).map(text), ['bbb', 'aa']);
});

interface Entry {
  readonly id: number;
  readonly name: string | undefined;
  readonly bytes: number;
  transmits: number;
}

/** Upstream's order, sorted anew for every question. */
class Model {
  entries: Entry[] = [];
  readonly finished: number[] = [];

  queue(entry: Entry): void {
    if (entry.name !== undefined) this.#finish(this.entries.filter(({ name }) => name === entry.name));
    this.entries.push(entry);
  }

  take(overhead: number, limit: number, transmitLimit: number): number[] {
    const taken: Entry[] = [];
    let free = limit;
    for (const entry of this.#sorted()) {
      // Sorted order is the order of taking: within a tier sizes only shrink, and so does what is free.
      if (overhead + entry.bytes > free) continue;
      free -= overhead + entry.bytes;
      taken.push(entry);
    }
    for (const entry of taken) entry.transmits += 1;
    this.#finish(taken.filter(({ transmits }) => transmits >= transmitLimit));
    return taken.map(({ id }) => id);
  }

  prune(sizeMax: number): void {
    this.#finish(this.#sorted().slice(sizeMax).reverse());
  }

  #sorted(): Entry[] {
    return this.entries.toSorted((a, b) => a.transmits - b.transmits || b.bytes - a.bytes || b.id - a.id);
  }

  #finish(entries: readonly Entry[]): void {
    this.entries = this.entries.filter((entry) => !entries.includes(entry));
    this.finished.push(...entries.map(({ id }) => id));
  }
}

const operations = fc.array(
  fc.oneof(
    fc.record({
      name: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
      bytes: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({ overhead: fc.integer({ min: 0, max: 3 }), limit: fc.integer({ min: 0, max: 120 }) }),
    fc.record({ keep: fc.integer({ min: 0, max: 10 }) }),
  ),
  { maxLength: 60 },
);

test("the queue gives what a plain model of upstream's gives", () => {
  fc.assert(
    fc.property(operations, fc.integer({ min: 0, max: 200 }), (steps, nodes) => {
      const queue = queueOf(nodes, { retransmitMult: 2 });
      const model = new Model();
      const finished: number[] = [];
      const ids = new Map<Uint8Array, number>();
      for (const [id, step] of steps.entries()) {
        if ('bytes' in step) {
          const message = new Uint8Array(step.bytes);
          ids.set(message, id);
          queue.queue({ message, name: step.name, finished: () => finished.push(id) });
          model.queue({ id, name: step.name, bytes: step.bytes, transmits: 0 });
        } else if ('limit' in step) {
          const taken = queue.take(step.overhead, step.limit).map((message) => ids.get(message));
          assert.deepEqual(taken, model.take(step.overhead, step.limit, retransmitLimit(2, nodes)));
        } else {
          queue.prune(step.keep);
          model.prune(step.keep);
        }
        assert.equal(queue.size, model.entries.length);
        assert.deepEqual(finished, model.finished);
      }
    }),
    { numRuns: 500 },
  );
});
