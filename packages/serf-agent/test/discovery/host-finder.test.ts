// When the network is asked and who is joined, on virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Endpoint, endpointText } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { HostFinder } from '../../dist/discovery/host-finder.js';

test('the network is asked at once and then every minute, until the finder is closed', () => {
  const { world, finder, searches } = setUp();
  world.run(180_000);
  assert.deepEqual(searches, [0, 60_000, 120_000, 180_000]);
  finder.close();
  world.run(180_000);
  assert.equal(searches.length, 4);
});

test('hosts are collected until none came for 100 ms, and joined in one call', () => {
  const { world, finder, joins } = setUp();
  for (const name of ['a', 'b', 'c']) {
    finder.onHost(host(name));
    world.run(99);
  }
  assert.deepEqual(joins, []);
  world.run(1);
  assert.deepEqual(joins, [['a:7946', 'b:7946', 'c:7946']]);
});

test('a host that answers over both families is joined once', () => {
  const { world, finder, joins } = setUp();
  finder.onHost(host('a'));
  finder.onHost(host('a'));
  world.run(1_000);
  assert.deepEqual(joins, [['a:7946']]);
});

test('[78] members, ourselves among them, are left alone', () => {
  const { world, finder, joins, members } = setUp();
  members.add('self:7946');
  finder.onHost(host('self'));
  finder.onHost(host('a'));
  finder.onHost(host('b'));
  members.add('b:7946'); // joined in the meantime
  world.run(1_000);
  assert.deepEqual(joins, [['a:7946']]);
});

test('[78] a host that could not be joined is tried again when it is found again', () => {
  const { world, finder, joins, finish } = setUp();
  finder.onHost(host('a'));
  world.run(1_000);
  finish();
  finder.onHost(host('a'));
  world.run(1_000);
  assert.deepEqual(joins, [['a:7946'], ['a:7946']]);
});

test('a member that is gone is joined again when it is found again', () => {
  const { world, finder, joins, members, finish } = setUp();
  finder.onHost(host('a'));
  world.run(1_000);
  members.add('a:7946');
  finish();
  finder.onHost(host('a'));
  world.run(1_000);
  assert.equal(joins.length, 1);
  members.delete('a:7946');
  finder.onHost(host('a'));
  world.run(1_000);
  assert.equal(joins.length, 2);
});

test('while one join runs there is no other; what was found meanwhile follows', () => {
  const { world, finder, joins, finish } = setUp();
  finder.onHost(host('a'));
  world.run(1_000);
  finder.onHost(host('b'));
  world.run(1_000);
  assert.deepEqual(joins, [['a:7946']]);
  finish();
  assert.deepEqual(joins, [['a:7946'], ['b:7946']]);
});

test('of many hosts 16 are joined, and of the rest those that this did not make members', () => {
  const { world, finder, joins, members, finish } = setUp();
  for (let index = 1; index <= 40; index++) finder.onHost(host(`n${index}`));
  world.run(1_000);
  assert.equal(joins[0]?.length, 16);
  for (let index = 1; index < 40; index++) members.add(`n${index}:7946`);
  finish();
  assert.deepEqual(joins.slice(1), [['n40:7946']]);
});

test('a closed finder joins nobody, neither who was found before nor who is found after', () => {
  const { world, finder, joins, finish } = setUp();
  finder.onHost(host('a'));
  world.run(1_000);
  finder.onHost(host('b'));
  finder.close();
  finder.onHost(host('c'));
  finish();
  world.run(180_000);
  assert.deepEqual(joins, [['a:7946']]);
});

test('a flood of made-up hosts fills no more than the bound', () => {
  const { world, finder, joins, finish } = setUp();
  for (let index = 0; index < 5_000; index++) finder.onHost(host(`n${index}`));
  world.run(1_000);
  while (finish());
  assert.equal(joins.flat().length, 1024);
});

function setUp() {
  const world = new VirtualWorld({ seed: 1 });
  const searches: number[] = [];
  const joins: string[][] = [];
  const members = new Set<string>();
  const running: (() => void)[] = [];
  const finder = new HostFinder(world.host('10.0.0.1').runtime.timers, {
    search: () => void searches.push(Math.round(world.now)),
    isMember: (found) => members.has(endpointText(found)),
    join: (hosts, done) => {
      joins.push(hosts.map(endpointText));
      running.push(done);
    },
  });
  finder.start();
  /** Ends the join that runs; false if there is none. */
  const finish = (): boolean => {
    const done = running.shift();
    done?.();
    return done !== undefined;
  };
  return { world, finder, searches, joins, members, finish };
}

function host(name: string): Endpoint {
  return { host: name, port: 7946 };
}
