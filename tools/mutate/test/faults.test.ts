// The list of faults against the sources of now: it is worth nothing once it no longer fits them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { applyFault, type Fault, faults, StaleFault } from '@reeve/mutate';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fault: Fault = { name: 'nothing is said', file: 'x.ts', original: 'say();', replacement: '' };

test('every fault still has its place in the sources, and only one', () => {
  const stale = faults.flatMap((each) => {
    try {
      const source = readFileSync(`${root}${each.file}`, 'utf8');
      assert.notEqual(applyFault(source, each), source, each.name);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
  assert.deepEqual(stale, []);
});

test('no two faults have the same name', () => {
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
});

test('a fault whose place is gone, or no longer the only one, is stale', () => {
  assert.equal(applyFault('hear(); say();', fault), 'hear(); ');
  for (const source of ['hear();', 'say(); say();']) {
    assert.throws(() => applyFault(source, fault), new StaleFault(fault));
  }
});
