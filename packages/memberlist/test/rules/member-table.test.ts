// The table of members: order, picking and forgetting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualWorld } from '@reeve/runtime/virtual';
import fc from 'fast-check';
import { MemberTable } from '../../dist/core/member-table.js';
import type { KnownNode, MutableNode } from '../../dist/core/node.js';

function tableOf(size: number, seed = 1): MemberTable {
  const table = new MemberTable(new VirtualWorld({ seed }).host('10.0.0.1').runtime.random, 1_000);
  for (let index = 0; index < size; index++) table.add(node(`n${index}`));
  return table;
}

function node(name: string): MutableNode {
  return {
    ...{ name, host: '10.0.0.1', port: 1, meta: new Uint8Array(0), state: 'alive', incarnation: 1 },
    ...{
      stateChangedAtMs: 0,
      stranger: true,
      versions: { pMin: 1, pMax: 5, pCur: 2, dMin: 0, dMax: 0, dCur: 0 },
    },
  };
}

const sizes = fc.integer({ min: 0, max: 60 });
const seeds = fc.integer({ min: 1, max: 1_000_000 });

test('picked nodes are different, eligible, and not more than asked for', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 5 }), seeds, (size, count, seed) => {
      const table = tableOf(size, seed);
      const eligible = (node: KnownNode) => Number(node.name.slice(1)) % 3 !== 0;
      const picked = table.pick(count, eligible);
      assert.equal(new Set(picked).size, picked.length);
      assert.ok(picked.every(eligible));
      assert.ok(picked.length <= count);
    }),
  );
});

test('in a small table everybody eligible is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), seeds, (count, seed) => {
      const table = tableOf(3 * count - 1, seed);
      assert.equal(table.pick(count, () => true).length, Math.min(count, table.size));
      assert.equal(table.pick(count, ({ name }) => name === 'n0').length, 1);
    }),
  );
});

test('everybody is picked about equally often', () => {
  for (const size of [5, 50]) {
    const table = tableOf(size);
    const times = new Map<string, number>();
    for (let round = 0; round < 1_000 * size; round++) {
      for (const { name } of table.pick(2, () => true)) times.set(name, (times.get(name) ?? 0) + 1);
    }
    for (const count of times.values()) assert.ok(count > 1_700 && count < 2_300, `${count}`);
  }
});

test('a newcomer is put anywhere in the order, so that its first probe comes soon on average', () => {
  const places = new Set<number>();
  for (let seed = 1; seed < 200; seed++) {
    const table = tableOf(9, seed);
    const newcomer = node('new');
    table.add(newcomer);
    places.add(table.nodes.indexOf(newcomer));
  }
  assert.equal(places.size, 10);
});

test('list and index always hold the same nodes', () => {
  fc.assert(
    fc.property(sizes, seeds, fc.integer({ min: 1, max: 5 }), (size, seed, modulus) => {
      const table = tableOf(size, seed);
      const forgotten = (node: KnownNode) => Number(node.name.slice(1)) % modulus === 0;
      const kept = table.nodes.filter((node) => !forgotten(node)).map(({ name }) => name);
      table.startRound(forgotten);
      assert.deepEqual(table.nodes.map(({ name }) => name).sort(), kept.sort());
      for (let index = 0; index < size; index++) {
        assert.equal(table.get(`n${index}`) !== undefined, index % modulus !== 0);
      }
    }),
  );
});

test('a full table says so', () => {
  const table = new MemberTable(new VirtualWorld({ seed: 1 }).host('10.0.0.1').runtime.random, 2);
  table.add(node('a'));
  assert.equal(table.full, false);
  table.add(node('b'));
  assert.equal(table.full, true);
});
