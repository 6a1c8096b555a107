// Values on their way to a loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '../../dist/node/mailbox.js';

test('what comes before it is asked for waits in order', async () => {
  const { mailbox } = create();
  for (const item of [1, 2, 3]) mailbox.push(item);
  assert.deepEqual([await value(mailbox), await value(mailbox), await value(mailbox)], [1, 2, 3]);
});

test('who asks before there is anything gets the next value, and each asker his own', async () => {
  const { mailbox } = create();
  const asked = Promise.all([value(mailbox), value(mailbox)]);
  mailbox.push(1);
  mailbox.push(2);
  assert.deepEqual(await asked, [1, 2]);
});

test('when too many wait the oldest are dropped, and the loop is told how many, once', async () => {
  const { mailbox } = create(2);
  for (const item of [1, 2, 3, 4, 5]) mailbox.push(item);
  assert.deepEqual([await value(mailbox), await value(mailbox)], ['missed 3', 4]);
  mailbox.push(6);
  assert.deepEqual([await value(mailbox), await value(mailbox)], [5, 6]);
});

test('after the end what waits is still read, and then it is over', async () => {
  const { mailbox } = create();
  mailbox.push(1);
  mailbox.end();
  mailbox.push(2);
  const items: unknown[] = [];
  for await (const item of mailbox) items.push(item);
  assert.deepEqual(items, [1]);
});

test('the end reaches whoever waits', async () => {
  const { mailbox } = create();
  const asked = mailbox.next();
  mailbox.end();
  assert.deepEqual(await asked, { done: true, value: undefined });
});

test('leaving the loop drops what waits, and says so once', async () => {
  const { mailbox, returns } = create(1);
  for (const item of [1, 2, 3]) mailbox.push(item);
  for await (const item of mailbox) {
    assert.equal(item, 'missed 2');
    break;
  }
  assert.equal(returns(), 1);
  assert.deepEqual(await mailbox.next(), { done: true, value: undefined });
});

function create(itemsMax = 10) {
  let returns = 0;
  const mailbox = new Mailbox<number | string>({
    itemsMax,
    missed: (count) => `missed ${count}`,
    onReturn: () => {
      returns += 1;
    },
  });
  return { mailbox, returns: () => returns };
}

async function value<Item>(mailbox: Mailbox<Item>): Promise<Item | undefined> {
  return (await mailbox.next()).value;
}
