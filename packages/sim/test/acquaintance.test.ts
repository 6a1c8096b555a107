// Clusters that need not form: what everybody knows of everybody is kept once, and nothing else differs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allCheckers, type SimNode, Simulation } from '../dist/index.js';

const membersSeenBy = ({ serf }: SimNode, status: string): readonly string[] =>
  (serf?.members() ?? []).filter((member) => member.status === status).map(({ name }) => name);

test('those who know each other from the start are all alive and stay so', () => {
  const simulation = new Simulation({ seed: 1, nodes: 40, fromAfar: true, checkers: allCheckers(40) });
  simulation.acquaint();
  simulation.run(60_000);
  assert.equal(simulation.violation, undefined);
  for (const node of simulation.nodes) assert.equal(membersSeenBy(node, 'alive').length, 40);
  assert.equal(simulation.findDisorder(), undefined);
});

test('a death is one for each who learns of it, and for nobody before', () => {
  const simulation = new Simulation({ seed: 2, nodes: 20, fromAfar: true });
  simulation.acquaint();
  simulation.run(5_000);
  simulation.node('n7').crash();
  const others = simulation.nodes.filter(({ name }) => name !== 'n7');
  const knowing = () => others.filter((node) => membersSeenBy(node, 'failed').includes('n7')).length;
  const seen = new Set<number>();
  for (let waitedMs = 0; waitedMs < 30_000 && knowing() < others.length; waitedMs += 50) {
    seen.add(knowing());
    simulation.run(50);
  }
  assert.equal(knowing(), others.length);
  assert.ok(seen.has(0));
  assert.ok(seen.size > 2, `by ${[...seen].join(', ')}`);
});

test('who was away long enough is forgotten, and known anew after it has joined again', () => {
  const simulation = new Simulation({ seed: 3, nodes: 10, fromAfar: true });
  simulation.acquaint();
  simulation.node('n4').leave();
  simulation.run(60_000);
  const [first] = simulation.nodes;
  assert.deepEqual(first?.serf?.gossipNodes.map(({ name }) => name).includes('n4'), false);
  simulation.node('n4').start();
  simulation.run(1_000);
  simulation.node('n4').join(['10.0.0.1']);
  simulation.run(10_000);
  for (const node of simulation.nodes) assert.equal(membersSeenBy(node, 'alive').length, 10, node.name);
});

test('a newcomer is met by those who have known each other for long', () => {
  const simulation = new Simulation({ seed: 4, nodes: 12, fromAfar: true });
  simulation.acquaint(simulation.nodes.slice(0, -1));
  simulation.run(2_000);
  const newcomer = simulation.node('n12');
  newcomer.start();
  simulation.run(100);
  newcomer.join(['10.0.0.3']);
  simulation.run(20_000);
  for (const node of simulation.nodes) assert.equal(membersSeenBy(node, 'alive').length, 12, node.name);
});

test('one seed is one run', () => {
  const traceOf = (seed: number): string => {
    const simulation = new Simulation({ seed, nodes: 15, fromAfar: true });
    simulation.acquaint();
    simulation.run(10_000);
    return simulation.trace;
  };
  assert.equal(traceOf(5), traceOf(5));
  assert.notEqual(traceOf(5), traceOf(6));
});
