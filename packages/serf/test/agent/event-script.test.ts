// What `-event-handler` says, taken apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventScripts } from '@reeve/serf/agent';

function parsed(specification: string): string[] {
  return parseEventScripts(specification).map(
    ({ filter, command }) => `${filter.event}|${filter.name}|${command}`,
  );
}

test('a script without a filter is invoked for everything', () => {
  assert.deepEqual(parsed('deploy.sh --now'), ['*||deploy.sh --now']);
  assert.deepEqual(parsed('=deploy.sh'), ['*||deploy.sh']);
});

test('a specification is split at its first =, so a script with one needs a filter', () => {
  assert.deepEqual(parsed('user:a,query:b:c,member-join=env A=1 x'), [
    'user|a|env A=1 x',
    'query|b:c|env A=1 x',
    'member-join||env A=1 x',
  ]);
  assert.throws(() => parsed('env A=1 x'), { message: "Event 'env A' invoking '1 x'" });
});

test('an event that does not exist is refused in the words of the original', () => {
  assert.throws(() => parsed('foo=bar.sh'), { message: "Event 'foo' invoking 'bar.sh'" });
  assert.throws(() => parsed('member-join:x=bar.sh'), { message: "Event 'member-join:x' invoking 'bar.sh'" });
  assert.throws(() => parsed('member-join,=bar.sh'), { message: "Event '' invoking 'bar.sh'" });
});
