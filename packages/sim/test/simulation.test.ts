// What happens to nodes, what is counted of it, and how a run ends when something is wrong.

import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { type Checker, describeHappened, loss, profiles, provesSomething, Simulation } from '@reeve/sim';

/** A cluster that knows itself. */
function formed(nodes: number, seed = 1, options: Partial<ConstructorParameters<typeof Simulation>[0]> = {}) {
  const simulation = new Simulation({ seed, nodes, ...options });
  simulation.form();
  equal(simulation.violation, undefined);
  return simulation;
}

const statusAt = (simulation: Simulation, viewer: string, name: string) =>
  simulation
    .node(viewer)
    .serf?.members()
    .find((member) => member.name === name)?.status;

test('a formed cluster knows itself and is in order', () => {
  const simulation = formed(10);
  for (const { serf } of simulation.nodes) equal(serf?.members().length, 10);
  simulation.settle(10_000);
  equal(simulation.violation, undefined);
});

test('a large cluster forms, too, when it is looked at from afar', () => {
  const simulation = formed(60, 1, { fromAfar: true });
  for (const { serf } of simulation.nodes) equal(serf?.members().length, 60);
  simulation.node('n9').crash();
  simulation.run(30_000);
  equal(statusAt(simulation, 'n60', 'n9'), 'failed');
  equal(simulation.happened.crashes, 1);
  const [node] = simulation.nodes;
  deepEqual([node?.log, node?.told], [[], []]);
});

test('a node that is killed fails at all others, and comes back', () => {
  const simulation = formed(4);
  const node = simulation.node('n3');
  node.crash();
  ok(!node.isRunning);
  simulation.run(20_000);
  equal(statusAt(simulation, 'n1', 'n3'), 'failed');
  node.start();
  simulation.run(100);
  node.join(['10.0.0.1']);
  simulation.settle(20_000);
  equal(statusAt(simulation, 'n4', 'n3'), 'alive');
  const { crashes, restarts, deaths, wrongDeaths } = simulation.happened;
  deepEqual([crashes, restarts, deaths, wrongDeaths], [1, 1, 3, 0]);
  equal(simulation.violation, undefined);
});

test('a node that leaves has left at all others, and its process ends', () => {
  const simulation = formed(3);
  const node = simulation.node('n2');
  node.leave();
  simulation.run(10_000);
  ok(!node.isRunning && !node.isWanted);
  equal(statusAt(simulation, 'n1', 'n2'), 'left');
  equal(simulation.happened.leaves, 1);
});

test('a blocked node is suspected, and refutes when it runs again', () => {
  const simulation = formed(5);
  simulation.node('n2').block(4_000);
  simulation.run(20_000);
  const { blocks, wrongSuspicions, wrongDeaths } = simulation.happened;
  ok(blocks === 1 && wrongSuspicions > 0 && wrongDeaths === 0);
  ok(simulation.node('n2').log.some(({ text }) => text.includes('Refuting a suspect message')));
  equal(simulation.violation, undefined);
});

test('with a snapshot a node that lost power rejoins by itself, even with torn lines', () => {
  const profile = (name: string) => ({ ...profiles.quick(name), snapshotPath: '/data/snapshot' });
  const simulation = formed(3, 1, { profile });
  simulation.run(5_000);
  const node = simulation.node('n2');
  simulation.node('n1').event('late', 'line');
  simulation.run(1_100);
  node.crash({ keepUnsyncedBytes: 3 });
  equal(simulation.happened.tornWrites, 1);
  simulation.run(100);
  node.start();
  ok(node.hasMemory);
  simulation.settle(20_000);
  equal(simulation.violation, undefined);
  equal(statusAt(simulation, 'n2', 'n1'), 'alive');
});

test('a node moves to another machine with its disk; who reclaims takes it back at once', () => {
  const profile = (name: string) => {
    const quick = profiles.quick(name);
    return { ...quick, memberlist: { ...quick.memberlist, deadNodeReclaimMs: 1_000 } };
  };
  const simulation = formed(3, 1, { profile });
  const node = simulation.node('n2');
  node.host.files.write('/data/kept', Uint8Array.of(1));
  simulation.move(node, '10.9.0.1');
  simulation.run(15_000);
  node.start();
  simulation.run(100);
  node.join(['10.0.0.1']);
  simulation.settle(30_000);
  equal(simulation.violation, undefined);
  equal(
    simulation
      .node('n3')
      .serf?.members()
      .find(({ name }) => name === 'n2')?.host,
    '10.9.0.1',
  );
  deepEqual(node.host.files.read('/data/kept'), Uint8Array.of(1));
});

test('an operator makes lonely nodes join and restarts what has ended by itself', () => {
  const simulation = new Simulation({ seed: 1, nodes: 4, profile: profiles.quick, hasOperator: true });
  for (const node of simulation.nodes) node.start();
  simulation.settle(10_000);
  equal(simulation.violation, undefined);
  simulation.node('n2').serf?.shutdown();
  simulation.run(5_000);
  ok(!simulation.node('n2').isRunning);
  simulation.settle(60_000);
  equal(simulation.node('n2').life, 2);
  equal(simulation.violation, undefined);
});

test('a node whose disk is full does not start, and does when an operator tries again', () => {
  const profile = (name: string) => ({ ...profiles.quick(name), snapshotPath: '/data/snapshot' });
  const simulation = formed(3, 1, { profile, hasOperator: true });
  const node = simulation.node('n2');
  node.crash();
  node.failDisk('ENOSPC', 5_000);
  node.start();
  simulation.run(100);
  ok(!node.isRunning);
  match(node.log.at(-1)?.text ?? '', /^start: Failed to setup snapshot: .*no space left on device$/);
  ok(simulation.happened.diskFailures > 0);
  simulation.settle(30_000);
  equal(simulation.violation, undefined);
  equal(node.life, 3);
});

test('a query is asked and answered, by everybody there is', () => {
  const simulation = formed(4);
  const answers: string[] = [];
  const checker: Checker = {
    property: 'notes',
    onAnswer: (_node, query, from) => void answers.push(`${query} ${from}`),
  };
  const noting = formed(4, 1, { checkers: [checker] });
  for (const cluster of [simulation, noting]) {
    cluster.node('n3').query('load');
    cluster.run(10_000);
    equal(cluster.violation, undefined);
  }
  deepEqual(answers.sort(), ['load n1', 'load n2', 'load n3', 'load n4']);
});

test('what a node cannot do at the moment it does not do', () => {
  const simulation = formed(2);
  const node = simulation.node('n2');
  node.block(1_000);
  node.leave();
  node.event('deploy', 'v2');
  simulation.run(2_000);
  ok(node.isUp);
  node.crash();
  node.crash();
  node.leave();
  node.join(['10.0.0.1']);
  node.block(1_000);
  equal(simulation.happened.crashes, 1);
  simulation.run(1_000);
  equal(simulation.violation, undefined);
});

test('a fault that is set for a while ends, and heal ends the others', () => {
  const simulation = formed(2);
  const lost = () => simulation.happened.packetsLost;
  simulation.set(loss(1), 2_000);
  simulation.run(2_000);
  const [duringFirst] = [lost()];
  ok(duringFirst > 0);
  simulation.run(5_000);
  equal(lost(), duringFirst);
  simulation.set(loss(1));
  simulation.run(2_000);
  const duringSecond = lost();
  ok(duringSecond > duringFirst);
  simulation.heal();
  simulation.run(5_000);
  equal(lost(), duringSecond);
});

test('a run without a lost packet, a separation or a death proves nothing, and says what did happen', () => {
  const simulation = formed(3);
  simulation.run(10_000);
  ok(!provesSomething(simulation.happened));
  match(describeHappened(simulation.happened), /^\d+ packets$/);
  simulation.node('n1').crash();
  ok(provesSomething(simulation.happened));
  match(describeHappened(simulation.happened), /^\d+ packets, 1 crashes$/);
});

test('the first property that does not hold ends the run', () => {
  const checker: Checker = {
    property: 'nobody lives for three seconds',
    onSecond: ({ name }, nowMs) => (nowMs >= 3_000 ? `${name} does` : undefined),
  };
  const simulation = new Simulation({ seed: 1, nodes: 2, checkers: [checker] });
  for (const node of simulation.nodes) node.start();
  simulation.run(60_000);
  deepEqual(simulation.violation, {
    property: 'nobody lives for three seconds',
    sentence: 'n1 does',
    atMs: 3_000,
  });
  ok(simulation.now < 3_001);
});

test('what the protocol throws is a violation', () => {
  const simulation = formed(2);
  simulation.node('n1').host.runtime.timers.after(5, () => {
    throw new Error('our bug');
  });
  simulation.run(1_000);
  equal(simulation.violation?.property, 'nothing throws');
  match(simulation.violation?.sentence ?? '', /our bug/);
});

test('what is not in order after the time given is a violation', () => {
  const simulation = formed(3);
  simulation.node('n2').crash();
  simulation.settle(1_500);
  match(simulation.violation?.sentence ?? '', /has n2 as alive, which does not run/);
});

test('no time passes after the limit', () => {
  const simulation = new Simulation({ seed: 1, nodes: 2, limitMs: 2_500 });
  simulation.form();
  simulation.run(10_000);
  equal(simulation.now, 2_500);
});

test('a node that does not exist is the mistake of who asks', () => {
  throws(() => formed(2).node('n3'), { message: 'there is no node n3; they are called n1 to n2' });
});
