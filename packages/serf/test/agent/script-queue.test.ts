// The scripts of the original: a common queue, in configured order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventScripts, ScriptQueue } from '@reeve/serf/agent';
import type { Member, SerfEvent } from '@reeve/serf/core';

test('[71] scripts run for the events they are for, in configured order, each waited for', () => {
  const { queue, begun, end } = rig('user:deploy=first', '*=second', 'member-join=third');
  queue.onEvent(user('deploy'));
  queue.onEvent(user('other'));
  assert.deepEqual(begun, ['first deploy']);
  end();
  assert.deepEqual(begun, ['first deploy', 'second deploy']);
  end();
  assert.deepEqual(begun, ['first deploy', 'second deploy', 'second other']);
  end();
  queue.onEvent({ kind: 'member-join', members: [] });
  end();
  assert.deepEqual(begun.slice(3), ['second member-join', 'third member-join']);
});

test('a script that fails costs a line and delays nothing', () => {
  const { queue, begun, end, log } = rig('one', 'two');
  queue.onEvent(user('a'));
  end('exit status 3');
  end();
  assert.deepEqual(begun, ['one a', 'two a']);
  assert.deepEqual(log, ["agent: Error invoking script 'one': exit status 3"]);
});

test('an event that no script is for delays none', () => {
  const { queue, begun } = rig('user:deploy=first');
  for (const name of ['a', 'b', 'deploy']) queue.onEvent(user(name));
  assert.deepEqual(begun, ['first deploy']);
});

test('other scripts count from the next event that is handled on', () => {
  const { queue, begun, end } = rig('one', 'two');
  for (const name of ['a', 'b']) queue.onEvent(user(name));
  queue.replaceScripts(parseEventScripts('three'));
  end();
  end();
  assert.deepEqual(begun, ['one a', 'two a', 'three b']);
});

test('a closed queue begins nothing more and leaves alone what runs', () => {
  const { queue, begun, end, abandoned } = rig('one', 'two');
  for (const name of ['a', 'b']) queue.onEvent(user(name));
  queue.close();
  assert.deepEqual(abandoned, ['one a']);
  end();
  assert.deepEqual(begun, ['one a']);
});

function user(name: string): SerfEvent {
  return { kind: 'user', name, payload: new Uint8Array(), lTime: 1, coalesce: false };
}

/** A queue whose scripts end when the test says so. */
function rig(...specifications: readonly string[]) {
  const begun: string[] = [];
  const abandoned: string[] = [];
  const log: string[] = [];
  let end = (_failure?: string): void => {};
  const queue = new ScriptQueue({
    self: () => ({}) as Member,
    log: (_level, text) => log.push(text),
    startScript(command, event, _self, done) {
      const text = `${command} ${'name' in event ? event.name : event.kind}`;
      begun.push(text);
      end = done;
      return { abandon: () => abandoned.push(text) };
    },
  });
  queue.replaceScripts(specifications.flatMap(parseEventScripts));
  return { queue, begun, abandoned, log, end: (failure?: string) => end(failure) };
}
