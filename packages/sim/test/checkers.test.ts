// Each property is found broken when it is, and not before.

import { equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import {
  allCheckers,
  type Belief,
  type BeliefChange,
  type Checker,
  type SimNode,
  Simulation,
} from '@reeve/sim';

/** The checker of a property, by some of its words. */
function checkerOf(words: string): Checker {
  const checker = allCheckers(3).find(({ property }) => property.includes(words));
  ok(checker, words);
  return checker;
}

/** A node as far as checkers look. */
function fakeNode(name: string, more: Partial<Record<keyof SimNode, unknown>> = {}): SimNode {
  return {
    name,
    isMember: true,
    isRunning: true,
    isWanted: true,
    life: 1,
    hasMemory: false,
    ...more,
  } as SimNode;
}

const n1 = fakeNode('n1');

function belief(state: Belief['state'], incarnation: number, host = '10.0.0.2'): Belief {
  return { state, incarnation, host, port: 7946, since: new Map() };
}

function change(before: Belief | undefined, after: Belief, name = 'n2', viewer = n1): BeliefChange {
  return { viewer, name, before, after };
}

/** A running cluster whose nodes can be asked for their tables. */
function formed(nodes = 3): Simulation {
  const simulation = new Simulation({ seed: 1, nodes, checkers: [] });
  simulation.form();
  simulation.run(10_000);
  return simulation;
}

test('an incarnation that goes back', () => {
  const { onBelief } = checkerOf('never goes back');
  equal(onBelief?.(change(belief('alive', 2), belief('suspect', 2))), undefined);
  equal(onBelief?.(change(undefined, belief('alive', 1))), undefined);
  equal(onBelief?.(change(belief('left', 5), belief('alive', 1, '10.0.0.9'))), undefined);
  equal(
    onBelief?.(change(belief('alive', 2), belief('dead', 1))),
    'n1 took the incarnation of n2 back from 2 to 1',
  );
});

test('a resurrection without a higher incarnation', () => {
  const { onBelief } = checkerOf('rises from the dead');
  equal(onBelief?.(change(belief('dead', 2), belief('alive', 3))), undefined);
  equal(onBelief?.(change(belief('dead', 2), belief('alive', 1, '10.0.0.9'))), undefined);
  equal(onBelief?.(change(belief('suspect', 2), belief('dead', 2))), undefined);
  for (const state of ['dead', 'left'] as const) {
    match(onBelief?.(change(belief(state, 2), belief('alive', 2))) ?? '', /alive with incarnation 2 after/);
    match(onBelief?.(change(belief(state, 2), belief('suspect', 3))) ?? '', /suspect/);
  }
});

test('a suspicion of somebody who was not alive', () => {
  const { onBelief } = checkerOf('only who was alive');
  equal(onBelief?.(change(belief('alive', 2), belief('suspect', 2))), undefined);
  equal(onBelief?.(change(belief('suspect', 2), belief('suspect', 3))), undefined);
  match(onBelief?.(change(undefined, belief('suspect', 1))) ?? '', /which was unknown/);
  match(onBelief?.(change(belief('left', 2), belief('suspect', 2))) ?? '', /was left with incarnation 2/);
});

test('a node that takes itself for dead or suspected, unless it leaves', () => {
  const { onBelief } = checkerOf('takes itself');
  equal(onBelief?.(change(undefined, belief('alive', 1), 'n1')), undefined);
  equal(onBelief?.(change(undefined, belief('dead', 1), 'n2')), undefined);
  const leaving = fakeNode('n1', { isMember: false });
  equal(onBelief?.(change(undefined, belief('left', 1), 'n1', leaving)), undefined);
  match(onBelief?.(change(undefined, belief('suspect', 1), 'n1')) ?? '', /takes itself for suspect/);
});

test('layers that disagree', () => {
  const { onBelief } = checkerOf('what serf says');
  const viewer = formed().node('n1');
  equal(onBelief?.(change(undefined, belief('alive', 1), 'n2', viewer)), undefined);
  equal(onBelief?.(change(undefined, belief('suspect', 1), 'n2', viewer)), undefined);
  equal(
    onBelief?.(change(undefined, belief('dead', 1), 'n2', viewer)),
    'n1 has n2 dead in memberlist and alive in serf',
  );
  match(
    onBelief?.(change(undefined, belief('alive', 1), 'n9', viewer)) ?? '',
    /alive in memberlist and unknown/,
  );
});

test('tables larger than the cluster, queues too long, and what waits in a calm cluster', () => {
  const simulation = formed(4);
  const [, ...others] = simulation.nodes;
  const { onSecond, onCalm } = checkerOf('bounded');
  equal(onSecond?.(simulation.node('n1'), 0), 'n1 knows 4 nodes and 4 members, of 3');
  simulation.node('n1').crash();
  equal(onCalm?.(others), undefined);
  const { serf } = simulation.node('n2');
  for (let event = 0; event < 129; event++) serf?.userEvent(`e${event}`, new Uint8Array(), false);
  const large = allCheckers(4).find(({ property }) => property.includes('bounded'));
  equal(large?.onSecond?.(simulation.node('n2'), 0), '129 messages wait in event_queue on n2');
  equal(onCalm?.(others), '129 messages wait in event_queue on n2');
  simulation.run(60_000);
  equal(onCalm?.(others), undefined);
});

test('a Lamport clock that goes back within one life', () => {
  const { onSecond } = checkerOf('Lamport');
  const at = (time: number, life = 1) => {
    const stats = new Map([['member_time', String(time)]]);
    return Object.assign(clocked, { life, serf: { stats: () => stats } });
  };
  const clocked = fakeNode('n1');
  equal(onSecond?.(at(5), 0), undefined);
  equal(onSecond?.(at(6), 0), undefined);
  equal(onSecond?.(at(1, 2), 0), undefined);
  equal(onSecond?.(at(0, 2), 0), 'member_time of n1 went back from 1 to 0');
});

test('a call that does not end, or ends twice', () => {
  const simulation = formed();
  const node = simulation.node('n1');
  const { onSecond } = checkerOf('every call');
  const end = node.calls.begin('join', 20_000);
  equal(onSecond?.(node, 20_000), undefined);
  equal(onSecond?.(node, 20_001), 'a join of n1 has not ended');
  node.block(5_000);
  equal(onSecond?.(node, 25_000), undefined);
  end();
  equal(onSecond?.(node, 60_000), undefined);
  end();
  equal(onSecond?.(node, 60_000), 'a join of n1 ended twice');
});

test('an event that is told twice, that nobody sent, or that some missed', () => {
  const checker = checkerOf('told once');
  const [a, b] = [fakeNode('n1'), fakeNode('n2')];
  const joined = { kind: 'member-join', members: [] } as const;
  const deploy = (name: string) =>
    ({ kind: 'user', name, payload: new Uint8Array(), lTime: 1, coalesce: false }) as const;
  for (const node of [a, b]) equal(checker.onTold?.(node, joined), undefined);
  equal(checker.onSending?.(a, 'e1 '), undefined);
  equal(checker.onTold?.(a, deploy('e1')), undefined);
  equal(checker.onCalm?.([a, b]), 'n1 was told "e1 ", n2 was not');
  equal(checker.onTold?.(b, deploy('e1')), undefined);
  equal(checker.onCalm?.([a, b]), undefined);
  equal(checker.onTold?.(b, deploy('e1')), 'n2 was told "e1 " twice');
  equal(checker.onTold?.(b, deploy('e2')), 'n2 was told "e2 ", which nobody sent');

  Object.assign(b, { life: 2, hasMemory: true });
  checker.onTold?.(b, joined);
  equal(checker.onCalm?.([a, b]), undefined, 'who came later need not have heard');
  checker.onSending?.(a, 'e3 ');
  checker.onTold?.(a, deploy('e3'));
  equal(checker.onCalm?.([a, b]), undefined, 'nor who remembers a later time');
  checker.onSettled?.();
  checker.onSending?.(a, 'e4 ');
  checker.onTold?.(a, deploy('e4'));
  equal(checker.onCalm?.([a, b]), 'n1 was told "e4 ", n2 was not');
});

test('members that come twice, go before they came, or are forgotten while they are here', () => {
  const { onTold } = checkerOf('in turns');
  const node = fakeNode('n1');
  const tell = (kind: 'member-join' | 'member-failed' | 'member-leave' | 'member-update' | 'member-reap') =>
    onTold?.(node, { kind, members: [{ name: 'n2' } as never] });
  equal(tell('member-failed'), 'n1 was told member-failed of n2 after nothing');
  equal(tell('member-join'), undefined);
  equal(tell('member-join'), 'n1 was told member-join of n2 after member-join');
  equal(tell('member-reap'), 'n1 was told member-reap of n2 after member-join');
  equal(tell('member-update'), undefined);
  equal(tell('member-failed'), undefined);
  equal(tell('member-update'), 'n1 was told member-update of n2 after member-failed');
  equal(tell('member-leave'), undefined);
  equal(tell('member-leave'), 'n1 was told member-leave of n2 after member-leave');
  equal(tell('member-reap'), undefined);
  equal(tell('member-join'), undefined);
  Object.assign(node, { life: 2 });
  equal(tell('member-join'), undefined);
});

test('a query that is asked twice, answered twice, or answered by who was not asked', () => {
  const { onTold, onAnswer } = checkerOf('query');
  const query = { kind: 'query', name: 'load' } as never;
  equal(onTold?.(fakeNode('n2'), query), undefined);
  equal(onTold?.(fakeNode('n2'), query), 'n2 was asked "load" twice');
  equal(onAnswer?.(n1, 'load', 'n2'), undefined);
  equal(onAnswer?.(n1, 'load', 'n2'), 'n1 was answered "load" twice by n2');
  equal(onAnswer?.(n1, 'load', 'n3'), 'n3 answered "load", which it was never asked');
});

test('peace that is broken', () => {
  const { onBelief, onPeace } = checkerOf('without faults');
  const suspicion = change(belief('alive', 1), belief('suspect', 1));
  equal(onBelief?.(suspicion), undefined);
  onPeace?.(true);
  equal(onBelief?.(suspicion), 'n1 takes n2 for suspect with incarnation 1');
  onPeace?.(false);
  equal(onBelief?.(suspicion), undefined);
});

test('a calm cluster that does not agree: about the living, their tags, their address, and the gone', () => {
  const simulation = formed();
  const { nodes } = simulation;
  const { onCalm } = checkerOf('everyone agrees');
  equal(onCalm?.(nodes), undefined);

  simulation.node('n2').setTags(new Map([['role', 'web']]));
  equal(onCalm?.(nodes), 'n1 has n2 as no tags, which says role=web');
  simulation.run(5_000);
  equal(onCalm?.(nodes), undefined);

  simulation.node('n3').crash();
  equal(onCalm?.(nodes), 'n1 has n3 as alive, which does not run');
  simulation.run(20_000);
  equal(onCalm?.(nodes), undefined);

  const [, second] = nodes;
  simulation.node('n1').forceLeave('n3', false);
  ok(second);
  equal(onCalm?.(nodes), 'n1 says that n3 has left, n2 says that n3 has failed');
  simulation.run(5_000);
  equal(onCalm?.(nodes), undefined);

  second.block(1_000);
  second.host.block(1_000);
  simulation.node('n3').start();
  equal(onCalm?.(nodes), 'n3 is not up again');
});
