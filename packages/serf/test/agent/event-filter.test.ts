// Which events somebody wants.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isValidEventFilter, matchesEvent, parseEventFilters } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';

const deploy: SerfEvent = {
  kind: 'user',
  name: 'deploy',
  payload: new Uint8Array(),
  lTime: 1,
  coalesce: true,
};
const joined: SerfEvent = { kind: 'member-join', members: [] };

function wants(list: string, event: SerfEvent): boolean {
  return parseEventFilters(list).some((filter) => matchesEvent(filter, event));
}

test('[84] the empty list and `*` take everything, a kind takes its own', () => {
  for (const list of ['', '*', 'member-join,user']) assert(wants(list, deploy) && wants(list, joined));
  assert(wants('member-join', joined) && !wants('member-join', deploy));
});

test('[84] a name takes events of exactly this name', () => {
  assert(wants('user:deploy', deploy));
  for (const list of ['user:deplo', 'user:deploy2', 'query:deploy']) assert(!wants(list, deploy));
});

test('an item that names no kind of event is kept and not valid', () => {
  const valid = (list: string): boolean[] => parseEventFilters(list).map(isValidEventFilter);
  assert.deepEqual(valid('member-join,members,user:x,query,*,'), [true, false, true, true, true, false]);
});
