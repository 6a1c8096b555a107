// Each property of agents is found broken when it is, and not before.

import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventScripts } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';
import { allCheckers, type Checker, plainAgent, type SimNode } from '@reeve/sim';

/** The checker of a property, by some of its words. */
function checkerOf(words: string): Checker {
  const checker = allCheckers(3).find(({ property }) => property.includes(words));
  ok(checker, words);
  return checker;
}

/** An agent as far as checkers look; its scripts are `all`, and `deploys` for events of that name. */
function fakeAgent(more: Partial<Record<keyof SimNode, unknown>> = {}): SimNode {
  const scripts = ['all', 'user:deploy=deploys'].flatMap(parseEventScripts);
  const settings = {
    ...plainAgent,
    tagsFile: '/data/tags',
    scripts,
    retryJoin: { addresses: ['10.0.0.2'], intervalMs: 5_000, repetitionsMax: 2 },
  };
  return { name: 'n1', isMember: true, life: 1, coalesces: false, settings, ...more } as SimNode;
}

function deploy(lTime: number): SerfEvent {
  return { kind: 'user', name: 'deploy', payload: new Uint8Array(), lTime, coalesce: false };
}

function memberEvent(kind: 'member-join' | 'member-failed' | 'member-update'): SerfEvent {
  return { kind, members: [{ name: 'n2' } as never] };
}

function begins(checker: Checker, node: SimNode, command: string, event: SerfEvent) {
  return checker.onScript?.(node, { kind: 'begun', command, event });
}

test('a script that hears twice, out of order, or of what nobody was told', () => {
  const checker = checkerOf('once and in order');
  const node = fakeAgent();
  const [first, second] = [deploy(1), deploy(2)];
  for (const event of [first, second]) equal(checker.onTold?.(node, event), undefined);
  equal(begins(checker, node, 'all', first), undefined);
  equal(begins(checker, node, 'deploys', first), undefined);
  equal(begins(checker, node, 'deploys', first), 'n1 ran "deploys" for user out of order');
  equal(begins(checker, node, 'deploys', second), undefined);
  equal(begins(checker, node, 'all', second), 'n1 ran "all" for user out of order');
  equal(begins(checker, node, 'all', first), 'n1 ran "all" for user out of order');
  equal(begins(checker, node, 'all', deploy(3)), 'n1 ran "all" for what it was never told');
});

test('two scripts at a time; one that ran when its agent died runs no more', () => {
  const checker = checkerOf('one at a time');
  const node = fakeAgent();
  equal(begins(checker, node, 'all', deploy(1)), undefined);
  equal(checker.onScript?.(node, { kind: 'ended' }), undefined);
  equal(begins(checker, node, 'deploys', deploy(1)), undefined);
  Object.assign(node, { life: 2 });
  equal(begins(checker, node, 'all', deploy(2)), undefined);
  equal(begins(checker, node, 'deploys', deploy(2)), 'n1 runs "deploys" while "all" runs');
});

test('an event that does not reach a script it is for, or reaches one that it is not for', () => {
  const checker = checkerOf('every event they are for');
  const node = fakeAgent();
  const [event, joined] = [deploy(1), memberEvent('member-join')];
  for (const told of [event, joined]) checker.onTold?.(node, told);
  equal(begins(checker, node, 'all', event), undefined);
  equal(checker.onCalm?.([node]), 'user-event: deploy has not reached "deploys" of n1');
  equal(begins(checker, node, 'deploys', event), undefined);
  equal(begins(checker, node, 'deploys', joined), 'n1 ran "deploys", which is not for member-join');
  equal(checker.onCalm?.([node]), 'member-join has not reached "all" of n1');
  equal(begins(checker, node, 'all', joined), undefined);
  equal(checker.onCalm?.([node]), undefined);
});

test('a script that hears of a failure before the join, unless events are told together', () => {
  const checker = checkerOf('scripts hear of members');
  const [node, other] = [fakeAgent(), fakeAgent({ name: 'n3', coalesces: true })];
  const failed = memberEvent('member-failed');
  equal(begins(checker, node, 'deploys', failed), undefined, 'it is not told of everything');
  equal(begins(checker, node, 'all', failed), '"all" of n1 was told member-failed of n2 after nothing');
  equal(begins(checker, other, 'all', failed), undefined);
  equal(begins(checker, other, 'all', memberEvent('member-update')), undefined);
  equal(begins(checker, other, 'all', memberEvent('member-update')), undefined);
  equal(begins(checker, other, 'all', failed), undefined);
  equal(
    begins(checker, other, 'all', failed),
    '"all" of n3 was told member-failed of n2 after member-failed',
  );
});

test('joining that goes on when it has joined, too soon, too often, or ends too early', () => {
  const { onRetry } = checkerOf('joining again and again');
  const node = fakeAgent();
  equal(onRetry?.(node, 'tries', 0), undefined);
  equal(onRetry?.(node, 'failed', 10), undefined);
  equal(onRetry?.(node, 'gave up', 10), 'n1 gave up after it failed, with 1 tries');
  Object.assign(node, { life: 2 });
  equal(onRetry?.(node, 'tries', 0), undefined);
  equal(onRetry?.(node, 'failed', 10), undefined);
  equal(onRetry?.(node, 'tries', 5_009), 'n1 tries after it failed, with 1 tries');
  equal(onRetry?.(node, 'joined', 5_010), undefined);
  equal(onRetry?.(node, 'tries', 20_000), 'n1 tries after it joined, with 2 tries');
  Object.assign(node, { life: 3 });
  for (const atMs of [0, 5_000, 10_000]) {
    equal(onRetry?.(node, 'tries', atMs), undefined);
    equal(onRetry?.(node, 'failed', atMs), undefined);
  }
  equal(onRetry?.(node, 'tries', 15_000), 'n1 tries after it failed, with 3 tries');
});

test('joining that has not ended although an address answers', () => {
  const { onRetry, onCalm } = checkerOf('joining again and again');
  const node = fakeAgent({ host: { ip: '10.0.0.1' } });
  const other = fakeAgent({ name: 'n2', host: { ip: '10.0.0.2' }, isMember: false });
  onRetry?.(node, 'tries', 0);
  equal(onCalm?.([node, other]), undefined);
  Object.assign(other, { isMember: true });
  equal(onCalm?.([node, other]), 'n1 has not joined n2, which answers');
  onRetry?.(node, 'joined', 1);
  equal(onCalm?.([node, other]), undefined);
});

test('an agent that comes back with other tags than it had', () => {
  const checker = checkerOf('tags that are kept');
  const tags = (role: string) => new Map([['role', role]]);
  const [web, db] = [tags('web'), tags('db')];
  const node = fakeAgent({ serf: { tags: new Map() } });
  equal(checker.onStarted?.(node), undefined);
  checker.onTags?.(node, web, 'asked');
  Object.assign(node, { serf: { tags: tags('web') } });
  equal(checker.onStarted?.(node), undefined, 'a change that went on may have been made');
  checker.onTags?.(node, db, 'asked');
  checker.onTags?.(node, db, 'set');
  equal(checker.onStarted?.(node), 'n1 came back as role=web, not role=db');
});
