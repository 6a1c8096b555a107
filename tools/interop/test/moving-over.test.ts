// A cluster moved over node by node: one program starts from the files of the other, at its address and in
// its name.

import { deepEqual, equal } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  allAlive,
  Cluster,
  eventually,
  expectStatuses,
  peersMissing,
  reeve,
  serf094,
  serf0101,
} from '@reeve/interop';

describe('moving over', { skip: peersMissing(), concurrency: true }, () => {
  for (const [before, after] of [
    [serf094, reeve],
    [serf0101, reeve],
    [reeve, serf094],
    [reeve, serf0101],
  ] as const) {
    test(`[61] [64] ${after.title} goes on with snapshot, tags and keys of ${before.title}`, async (t) => {
      const cluster = await Cluster.of(t);
      const [snapshot, tags, keys] = ['snapshot', 'tags.json', 'keys.json'].map((name) =>
        join(cluster.folder, name),
      );
      const [key, newKey] = ['A', 'B'].map((letter) => Buffer.alloc(32, letter).toString('base64'));
      writeFileSync(keys ?? '', JSON.stringify([key]));
      const flags = [`-snapshot=${snapshot}`, `-tags-file=${tags}`, `-keyring-file=${keys}`];
      const place = cluster.nextPlace();
      const old = await cluster.startAt(place, before, 'moved', ...flags);
      const others = [
        await cluster.start(serf094, 'one', `-encrypt=${key}`, `-join=${old.gossip}`),
        await cluster.start(reeve, 'two', `-encrypt=${key}`, `-join=${old.gossip}`),
      ];
      await expectStatuses([old, ...others], allAlive([old, ...others]));
      equal((await old.serf('tags', '-set', 'role=web')).exit, 0);
      for (const action of ['-install', '-use']) {
        await eventually(`keys ${action}`, async () =>
          equal((await old.serf('keys', action, newKey ?? '')).exit, 0),
        );
      }
      await old.kill();

      const moved = await cluster.startAt(place, after, 'moved', ...flags);
      await expectStatuses([moved, ...others], allAlive([moved, ...others]));
      for (const agent of [moved, ...others]) {
        await eventually(`${agent.name} knows its tags`, async () => {
          const shown = (await agent.members()).find(({ name }) => name === 'moved');
          deepEqual([shown?.addr, shown?.tags], [old.gossip, { role: 'web' }]);
        });
      }
    });
  }

  for (const program of [serf094, reeve]) {
    test(`[63] all see the role alone of a ${program.title} that speaks protocol 2`, async (t) => {
      const cluster = await Cluster.of(t);
      const old = await cluster.start(program, 'old', '-protocol=2', '-tag=role=web');
      const all = [
        old,
        await cluster.start(reeve, 'ours', `-join=${old.gossip}`, '-tag=dc=east'),
        await cluster.start(serf0101, 'real', `-join=${old.gossip}`),
      ];
      for (const agent of all) {
        await eventually(`${agent.name} sees tags and versions`, async () => {
          const members = await agent.members();
          const seen = members.map(({ name, tags, protocol }) => [name, tags, protocol.version]);
          deepEqual(seen.sort(), [
            ['old', { role: 'web' }, 2],
            ['ours', { dc: 'east' }, 5],
            ['real', {}, 5],
          ]);
        });
      }
    });
  }
});
