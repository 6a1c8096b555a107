// Values that come later, and what is done with them then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Later } from '../../dist/waiting/later.js';
import { rescued, type Soon, soon, whenThere } from '../../dist/waiting/soon.js';

test('who listens is told in the moment a value comes, in turn, and at once if it is there', () => {
  const later = new Later<number>();
  const heard: string[] = [];
  const listen = (name: string) =>
    later.listen({ hear: (outcome) => heard.push(`${name}: ${outcome.ok && outcome.value}`) });
  listen('first');
  listen('second');
  assert.deepEqual(heard, []);
  later.settle({ ok: true, value: 1 });
  listen('late');
  assert.deepEqual(heard, ['first: 1', 'second: 1', 'late: 1']);
});

test('what is done with a value is done in the moment it comes', () => {
  const later = new Later<number>();
  let told = '';
  whenThere(
    soon(later, (value) => `${value + 1}`),
    (text) => {
      told = text;
    },
  );
  later.settle({ ok: true, value: 1 });
  assert.equal(told, '2');
});

test('a value can be waited for, and so can what is done with it that takes time itself', async () => {
  const waits: readonly ((value: number) => Soon<number>)[] = [
    (value) => value,
    (value) => Promise.resolve(value),
    (value) => settledWith(value),
  ];
  for (const wait of waits) {
    const later = new Later<number>();
    const twice = soon(soon(later, wait), (value) => 2 * value);
    later.settle({ ok: true, value: 3 });
    assert.equal(await twice, 6);
  }
});

test('a failure goes past what would be done with the value, to whoever waits', async () => {
  const later = new Later<number>();
  const next = soon(later, () => assert.fail('there is no value'));
  later.settle({ ok: false, error: new Error('gone') });
  await assert.rejects(async () => next, { message: 'gone' });
});

test('a failure at once, soon or later is answered by who rescues', async () => {
  const fail = (): number => {
    throw new Error('broken');
  };
  const works: readonly (() => Soon<number>)[] = [
    fail,
    async () => fail(),
    () => soon(settledWith(1), fail),
    () => soon(settledWith(1), async () => fail()),
    () => failed(),
  ];
  for (const work of works) assert.equal(await rescued(work, ({ message }) => message.length), 6);
});

test('what fails where nobody answers for it comes out where the value came from', () => {
  const later = new Later<number>();
  whenThere(
    soon(later, (value) => value),
    () => {
      throw new Error('a fault of ours');
    },
  );
  assert.throws(() => later.settle({ ok: true, value: 1 }), { message: 'a fault of ours' });
});

function settledWith<T>(value: T): Later<T> {
  const later = new Later<T>();
  later.settle({ ok: true, value });
  return later;
}

function failed(): Later<number> {
  const later = new Later<number>();
  later.settle({ ok: false, error: new Error('broken') });
  return later;
}
