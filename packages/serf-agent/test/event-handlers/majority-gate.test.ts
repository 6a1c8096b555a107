// Handlers that wait while their node sees a minority.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member, MemberStatus, SerfEvent } from '@reeve/serf/core';
import { MajorityGate, seesMajority, stillTrue } from '../../dist/event-handlers/majority-gate.js';
import { createHost, member, query, startHandlers, userEvent } from './handler-host.js';

function cluster(statuses: Readonly<Record<string, MemberStatus>>): Member[] {
  return Object.entries(statuses).map(([name, status]) => ({ ...member(name, '10.0.0.1'), status }));
}

test('a majority is more than half of those that did not leave', () => {
  const sees = (...statuses: MemberStatus[]): boolean =>
    seesMajority(cluster(Object.fromEntries(statuses.entries())));
  assert(sees('alive'));
  assert(sees('alive', 'alive', 'failed'));
  assert(sees('alive', 'left', 'left', 'none'));
  assert(sees('alive', 'leaving', 'failed'));
  assert(!sees('alive', 'failed'));
  assert(!sees('alive', 'alive', 'failed', 'failed'));
});

test('of an event that has waited only what is still true is handled', () => {
  const now = cluster({ back: 'alive', dead: 'failed', gone: 'left', going: 'leaving' });
  const all = cluster({ back: 'alive', dead: 'alive', gone: 'alive', going: 'alive', reaped: 'alive' });
  const names = (kind: Parameters<typeof stillTrue>[0]['kind']): string[] =>
    stillTrue({ kind, members: all }, now).map(({ name }) => name);
  assert.deepEqual(names('member-join'), ['back']);
  assert.deepEqual(names('member-update'), ['back']);
  assert.deepEqual(names('member-failed'), ['dead']);
  assert.deepEqual(names('member-leave'), ['gone', 'going']);
  assert.deepEqual(names('member-reap'), ['reaped']);
});

test('a minority holds events back until it is one no more, and then judges them anew', async () => {
  let members = cluster({ a: 'alive', b: 'failed', c: 'failed' });
  const host = createHost(() => members);
  const gate = new MajorityGate(host, './act.sh', 0);
  const signal = new AbortController().signal;
  const failed: SerfEvent = { kind: 'member-failed', members: cluster({ b: 'failed', c: 'failed' }) };
  const admitted = gate.admit(failed, signal);
  const deploy = userEvent('deploy', '');
  const admittedUser = gate.admit(deploy, signal);
  assert.deepEqual(host.lines, [
    "[WARN] agent: Holding back member-failed from './act.sh': 1 of 3 members alive are no majority",
    "[WARN] agent: Holding back user-event: deploy from './act.sh': 1 of 3 members alive are no majority",
  ]);
  gate.onArrival({ kind: 'member-update', members: [] }); // nothing has changed for the better
  members = cluster({ a: 'alive', b: 'alive', c: 'failed' });
  gate.onArrival({ kind: 'member-join', members: cluster({ b: 'alive' }) });
  assert.deepEqual(await admitted, { kind: 'member-failed', members: cluster({ c: 'failed' }) });
  assert.equal(await admittedUser, deploy);
  assert.equal(
    await gate.admit({ kind: 'member-failed', members: cluster({ b: 'failed' }) }, signal),
    undefined,
  );
  assert.equal(
    host.lines.at(-1),
    "[INFO] agent: Dropping member-failed for './act.sh': it is no longer true",
  );
});

test('the first loss of a torn network is judged only when the others had time to show', async () => {
  let members = cluster({ a: 'alive', b: 'alive', c: 'failed' });
  const host = createHost(() => members);
  const gate = new MajorityGate(host, './act.sh', 50);
  const failed: SerfEvent = { kind: 'member-failed', members: cluster({ c: 'failed' }) };
  gate.onArrival(failed);
  const abort = new AbortController();
  const admitted = gate.admit(failed, abort.signal);
  members = cluster({ a: 'alive', b: 'failed', c: 'failed' });
  await host.logged('Holding back member-failed');
  abort.abort();
  assert.equal(await admitted, undefined);
});

test('a minority drops queries at once', async () => {
  const host = createHost(() => cluster({ a: 'alive', b: 'failed' }));
  const gate = new MajorityGate(host, './act.sh', 0);
  assert.equal(await gate.admit(query('q'), new AbortController().signal), undefined);
  assert.deepEqual(host.lines, [
    "[INFO] agent: Dropping query: q for './act.sh': a minority of the members is alive",
  ]);
});

test('a script that acts only with a majority is run when there is one', async () => {
  let members = cluster({ a: 'alive', b: 'failed' });
  const host = createHost(() => members);
  const handlers = await startHandlers(host, { handler: 'user=cat', onlyWithMajority: true });
  handlers.onEvent(userEvent('x', 'held'));
  await host.logged('Holding back user-event: x');
  members = cluster({ a: 'alive', b: 'alive' });
  handlers.onEvent({ kind: 'member-join', members: cluster({ b: 'alive' }) }); // the script does not want it
  await host.logged('script output: held');
});
