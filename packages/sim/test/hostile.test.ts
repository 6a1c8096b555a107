// Somebody lies to a cluster. Nobody dies of it, tables and queues stay bounded, and a quarter of a minute
// later nobody believes anything wrong of a node that answers. More seeds: `npm run sim -- --scenario hostile
// --seeds 1..500`.

import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { attacks, runScript } from '@reeve/sim';
import { weather } from './weather.ts';

for (const attack of Object.keys(attacks)) {
  test(`a quarter of a minute after the attack "${attack}" nobody believes anything wrong`, () => {
    const script = ['nodes 6 seed 2 profile lan', 'event n1 before 1', 'run 5s', `attack ${attack} n3`];
    const events = ['event n1 after 1', 'event n3 after 3', 'run 15s', 'settle 1s'];
    // In a crowd events take longer; the clocks have a test below.
    const isQuiet = ['clocks', 'invent', 'state'].includes(attack);
    const { violation } = runScript([...script, 'run 1s', 'settle 15s', ...(isQuiet ? [] : events)]);
    equal(violation, undefined);
  });
}

test('many attacks one upon the other have no lasting effect', () => {
  weather('hostile', 1, 15);
});

test('whose clocks somebody has driven ahead is told what others send, and tells them', () => {
  const events = [
    'event n1 from1',
    'run 3s',
    'event n3 from3',
    'run 3s',
    'event n2 from2',
    'run 3s',
    'settle 1s',
  ];
  const script = ['nodes 6 seed 2 profile lan', 'event n1 before', 'run 5s', 'attack clocks n3', 'run 1s'];
  equal(runScript([...script, ...events]).violation, undefined);
});

test('one forged claim to its name ends no node that is alone', () => {
  const { nodes, violation } = runScript(['nodes 1 seed 1', 'attack elsewhere n1', 'run 10s']);
  equal(violation, undefined);
  ok(nodes[0]?.isUp);
});

test('a member that is half dead, which sends but does not hear, kills nobody for long', () => {
  const { violation, happened } = runScript([
    'nodes 6 seed 4 profile lan',
    'cut n2,n3,n4,n5,n6 to n1 for 40s',
    'run 40s',
    'settle 15s',
  ]);
  equal(violation, undefined);
  ok(happened.packetsCutOff > 0 && happened.wrongSuspicions > 0);
});
