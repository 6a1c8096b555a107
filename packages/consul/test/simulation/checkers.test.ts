// The checkers of simulated servers notice what they are there for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@reeve/runtime/virtual';
import type { Hold, KeyInput, KeyOperation, Waiting } from './history.ts';
import { isLinearizable, keyNotLinearizable } from './linearizable.ts';
import { sharedLock } from './lock-exclusivity.ts';
import { indexThatWentBack } from './monotone-indexes.ts';
import { lostWakeUp, needlessWakeUp } from './wake-ups.ts';

const read: KeyInput = { kind: 'read' };
const write = (value: string): KeyInput => ({ kind: 'write', value });

function operation(invoked: number, returned: number, input: KeyInput, output?: string | null | boolean) {
  return { key: 'k', invoked, returned, input, ...(output === undefined ? {} : { output }) };
}

test('a read after a write that has ended finds it, or the history is wrong', () => {
  const history = (found: string | null): KeyOperation[] => [
    operation(1, 2, write('a')),
    operation(3, 4, read, found),
  ];
  assert.ok(isLinearizable(history('a')));
  assert.ok(!isLinearizable(history(null)));
});

test('a read beside a write finds the old or the new value, and never the old one after the new one', () => {
  const beside = (first: string | null, second: string | null): KeyOperation[] => [
    operation(1, 10, write('a')),
    operation(2, 3, read, first),
    operation(4, 5, read, second),
  ];
  assert.ok(isLinearizable(beside(null, null)));
  assert.ok(isLinearizable(beside(null, 'a')));
  assert.ok(isLinearizable(beside('a', 'a')));
  assert.ok(!isLinearizable(beside('a', null)));
});

test('a write without an answer may take effect late or never, and not twice', () => {
  const lost = operation(1, Number.POSITIVE_INFINITY, write('a'));
  assert.ok(isLinearizable([lost, operation(2, 3, read, null)]));
  assert.ok(isLinearizable([lost, operation(2, 3, read, null), operation(4, 5, read, 'a')]));
  const again = [
    operation(2, 3, read, 'a'),
    operation(4, 5, write('b')),
    operation(6, 7, read, 'b'),
    operation(8, 9, read, 'a'),
  ];
  assert.ok(!isLinearizable([lost, ...again]));
});

test('of two cas with the same expectation one is done', () => {
  const cas = (value: string): KeyInput => ({ kind: 'cas', expected: null, value });
  assert.ok(isLinearizable([operation(1, 9, cas('a'), true), operation(2, 8, cas('b'), false)]));
  assert.ok(!isLinearizable([operation(1, 9, cas('a'), true), operation(2, 8, cas('b'), true)]));
  assert.ok(!isLinearizable([operation(1, 2, cas('a'), false)]));
});

test('a deleted key does not come back, and keys are looked at one by one', () => {
  const history: KeyOperation[] = [
    operation(1, 2, write('a')),
    operation(3, 4, { kind: 'delete' }),
    { ...operation(5, 6, read, null), key: 'other' },
  ];
  assert.equal(keyNotLinearizable(history), undefined);
  assert.equal(keyNotLinearizable([...history, operation(5, 6, read, 'a')]), 'k');
});

test('an order is found among many requests at once, or that there is none', () => {
  const writes = Array.from({ length: 12 }, (_, i) => operation(i, 100 + i, write(`${i}`)));
  const reads = [operation(200, 201, read, '7'), operation(202, 203, read, '7')];
  assert.ok(isLinearizable([...writes, ...reads]));
  assert.ok(!isLinearizable([...writes, ...reads, operation(204, 205, read, '8')]));
});

test('of small histories exactly those have an order of which a look at all orders finds one', () => {
  const random = new SeededRandom(1);
  const tally = { yes: 0, no: 0 };
  for (let i = 0; i < 3_000; i++) {
    const history = smallHistory(random);
    const hasOrder = hasAnyOrder(history, null);
    assert.equal(isLinearizable(history), hasOrder, JSON.stringify(history));
    tally[hasOrder ? 'yes' : 'no']++;
  }
  assert.ok(tally.yes > 500 && tally.no > 500, JSON.stringify(tally));
});

/** Up to seven requests at about the same time, a third of them without an answer. */
function smallHistory(random: SeededRandom): KeyOperation[] {
  return Array.from({ length: 2 + random.below(6) }, (_, i) => {
    const some = (): string | null => ['v0', 'v1', 'v2', null][random.below(4)] ?? null;
    const invoked = random.below(12);
    const inputs: KeyInput[] = [
      read,
      write(`v${i}`),
      { kind: 'delete' },
      { kind: 'cas', expected: some(), value: `v${i}` },
    ];
    const input = inputs[random.below(inputs.length)] ?? read;
    const isLost = input.kind !== 'read' && random.float() < 0.35;
    const returned = isLost ? Number.POSITIVE_INFINITY : invoked + 0.5 + random.below(8);
    const outputs = { read: some(), cas: random.float() < 0.5, write: undefined, delete: undefined };
    return operation(invoked, returned, input, isLost ? undefined : outputs[input.kind]);
  });
}

/** Tries every request that may come first, then the others. */
function hasAnyOrder(left: readonly KeyOperation[], value: string | null): boolean {
  if (left.every(({ returned }) => returned === Number.POSITIVE_INFINITY)) return true;
  const firstEnd = Math.min(...left.map(({ returned }) => returned));
  return left.some((each) => {
    const after = each.invoked < firstEnd ? valueAfter(value, each) : undefined;
    const others = left.filter((other) => other !== each);
    return after !== undefined && hasAnyOrder(others, after);
  });
}

function valueAfter(value: string | null, { input, output }: KeyOperation): string | null | undefined {
  if (input.kind === 'read') return output === value ? value : undefined;
  if (input.kind === 'write') return input.value;
  if (input.kind === 'delete') return null;
  const isDone = input.expected === value;
  if (output !== undefined && output !== isDone) return undefined;
  return isDone ? input.value : value;
}

test('an index goes back for who asks afterwards, not for who asks at the same time', () => {
  const seen = (invoked: number, returned: number, index: number) => ({
    key: 'k',
    invoked,
    returned,
    index,
    life: undefined,
  });
  assert.equal(indexThatWentBack([seen(1, 4, 9), seen(2, 3, 8)]), undefined);
  assert.equal(indexThatWentBack([seen(1, 2, 9), seen(3, 4, 8)]), 'k of the cluster: 8 after 9');
});

test('news that are not told for a tenth of a second are lost; an answer without news is needless', () => {
  const waiting: Waiting = {
    server: 's1',
    life: 's1 life 1',
    key: 'k',
    index: 5,
    wasThere: true,
    sinceMs: 0,
    waitMs: 10_000,
    isOver: false,
    lateSinceMs: undefined,
  };
  assert.equal(
    lostWakeUp([waiting], () => 5, 1_000),
    undefined,
  );
  assert.equal(
    lostWakeUp([waiting], () => 6, 2_000),
    undefined,
  );
  assert.match(lostWakeUp([waiting], () => 6, 2_101) ?? '', /s1 has not told of k at 6/);
  assert.equal(needlessWakeUp(waiting, 6, 2_000), undefined);
  assert.match(needlessWakeUp(waiting, 5, 2_000) ?? '', /s1 told of k at 5 after 2000 ms/);
  assert.equal(needlessWakeUp(waiting, 5, 10_001), undefined);
});

test('a lock is shared if another gets it before it is released or expires, or within the delay', () => {
  const hold = (session: string, atMs: number): Hold => ({
    key: 'lock',
    session,
    askedMs: atMs,
    toldMs: atMs + 1,
    leader: 's1 in term 2',
    releasedMs: Number.POSITIVE_INFINITY,
    expiresMs: 10_000,
    destroyed: undefined,
  });
  assert.match(sharedLock([hold('a', 0), hold('b', 5_000)], 1_000) ?? '', /^lock: /);
  assert.equal(sharedLock([{ ...hold('a', 0), releasedMs: 4_000 }, hold('b', 5_000)], 1_000), undefined);
  assert.equal(sharedLock([hold('a', 0), hold('b', 10_000)], 1_000), undefined);
  const destroyed = { askedMs: 4_000, toldMs: 4_001, leader: 's1 in term 2' };
  const ended = { ...hold('a', 0), releasedMs: 4_000, destroyed };
  assert.match(sharedLock([ended, hold('b', 4_500)], 1_000) ?? '', /^lock: /);
  assert.equal(sharedLock([ended, { ...hold('b', 4_500), leader: undefined }], 1_000), undefined);
  assert.equal(sharedLock([ended, hold('b', 5_000)], 1_000), undefined);
});
