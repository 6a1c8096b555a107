// What others may put into the names of metrics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanMetricName, InventedNames } from '@reeve/runtime/node';

test('a name cannot leave its line, whatever it is made of', () => {
  assert.equal(cleanMetricName('serf.events.a\nserf.fake:1|c'), 'serf.events.a_serf.fake_1_c');
  assert.equal(cleanMetricName("agent.invoke.sh -c '\t\u001b[2J'"), "agent.invoke.sh_-c_'__[2J'");
  assert.equal(cleanMetricName('agent.invoke./bin/true'), 'agent.invoke./bin/true');
});

test('a name is cut to 200 characters', () => {
  assert.equal(cleanMetricName('x'.repeat(9000)).length, 200);
});

test('of the names that peers invent 256 in a period keep their own, and the rest share one', () => {
  const names = new InventedNames(10_000);
  const folded = (name: string, nowMs = 0): string => names.fold(name, nowMs);
  for (let i = 0; i < 256; i++) assert.equal(folded(`serf.events.e${i}`), `serf.events.e${i}`);
  assert.equal(folded('serf.events.e256'), 'serf.events.OTHERS');
  assert.equal(folded('serf.queries.q'), 'serf.queries.OTHERS');
  assert.equal(folded('serf.events.e7'), 'serf.events.e7', 'a known name stays');
  assert.equal(folded('memberlist.msg.dead'), 'memberlist.msg.dead', 'our own names are not folded');
  assert.equal(folded('serf.events.e256', 9_999), 'serf.events.OTHERS');
  assert.equal(folded('serf.events.e256', 10_000), 'serf.events.e256');
});
