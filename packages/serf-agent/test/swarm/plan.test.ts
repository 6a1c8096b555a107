// What a swarm is to be: names, addresses, ports, and wishes that make no sense.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOpenFiles } from '../../dist/swarm/open-files.js';
import { planSwarm, type SwarmWish } from '../../dist/swarm/plan.js';

function wish(more: Partial<SwarmWish> = {}): SwarmWish {
  return {
    count: '3',
    bind: '127.10.0.1',
    samePlace: false,
    namePrefix: 'swarm-',
    profile: 'lan',
    tags: new Map(),
    join: [],
    acquainted: false,
    ...more,
  };
}

function places(more: Partial<SwarmWish>): readonly string[] {
  return planSwarm(wish(more)).members.map(({ memberlist: { bind } }) => `${bind.host} ${bind.port}`);
}

test('every member has an address of its own and all have one port', () => {
  assert.deepEqual(places({}), ['127.10.0.1 7946', '127.10.0.2 7946', '127.10.0.3 7946']);
  assert.deepEqual(places({ bind: '127.1.2.255:80', count: '2' }), ['127.1.2.255 80', '127.1.3.0 80']);
});

test('with one address for all every member has a port of its own; port 0 stays any', () => {
  const samePlace = { samePlace: true, count: '2' };
  assert.deepEqual(places({ ...samePlace, bind: '127.0.0.1:9000' }), ['127.0.0.1 9000', '127.0.0.1 9001']);
  assert.deepEqual(places({ ...samePlace, bind: '127.0.0.1:0' }), ['127.0.0.1 0', '127.0.0.1 0']);
  assert.deepEqual(places({ ...samePlace, bind: '[::1]:9000' }), ['::1 9000', '::1 9001']);
});

test('names have a number, as long for all; tags and timing are the same for all', () => {
  const tags = new Map([['role', 'web']]);
  const { members } = planSwarm(wish({ count: '10', namePrefix: 'n', tags, profile: 'wan' }));
  assert.deepEqual([members[0]?.memberlist.name, members[9]?.memberlist.name], ['n01', 'n10']);
  assert.ok(members.every((member) => member.tags === tags && member.memberlist.probeIntervalMs === 5_000));
});

test('a wish that makes no sense is refused with one sentence', () => {
  const refusals: readonly (readonly [Partial<SwarmWish>, string])[] = [
    [{ count: '0' }, 'A swarm has 1 to 10000 members, not "0"'],
    [{ count: '1e3' }, 'A swarm has 1 to 10000 members, not "1e3"'],
    [{ count: '10001' }, 'A swarm has 1 to 10000 members, not "10001"'],
    [{ bind: 'localhost' }, 'Invalid bind address: "localhost" is no IP address'],
    [{ bind: '127.0.0.1:x' }, 'address tcp/x: unknown port'],
    [{ bind: '127.9.255.254' }, 'From 127.9.255.254 on there are only 2 addresses in 127.9.*.*'],
    [
      { bind: '[::1]:1' },
      'Only IPv4 addresses are counted up; with -ports all members share the one of -bind',
    ],
    [{ bind: '127.0.0.1:65534', samePlace: true }, 'From port 65534 on there are only 2 ports'],
    [{ profile: 'fast' }, 'Unknown profile: fast'],
  ];
  for (const [more, message] of refusals) assert.throws(() => planSwarm(wish(more)), { message });
});

test('a limit on open files that is too low is told with its remedy', () => {
  checkOpenFiles(1_000, 2_256);
  assert.throws(() => checkOpenFiles(1_000, 1_024), {
    message:
      '1000 members need 2256 open files, two sockets each, but the limit is 1024: ' +
      'raise it with "ulimit -n 2256" first',
  });
});
