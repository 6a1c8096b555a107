// Who may have which name at which address: members that come back elsewhere, and two that claim one name.

import { deepEqual, equal, match } from 'node:assert/strict';
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

const pairs = [
  [serf094, reeve],
  [serf0101, reeve],
  [reeve, serf094],
  [reeve, serf0101],
] as const;

describe('names and addresses', { skip: peersMissing(), concurrency: true }, () => {
  for (const [watches, moves] of pairs) {
    test(`[41] to ${watches.title} a failed ${moves.title} is so elsewhere, until forgotten`, async (t) => {
      const cluster = await Cluster.of(t);
      const watcher = await cluster.start(watches, 'watcher');
      const join = `-join=${watcher.gossip}`;
      const mover = await cluster.start(moves, 'mover', join);
      await expectStatuses([watcher], { watcher: 'alive', mover: 'alive' });
      await mover.kill();
      await expectStatuses([watcher], { watcher: 'alive', mover: 'failed' });
      const moved = await cluster.start(moves, 'mover', join);
      const claims = `Mine: ${mover.gossip} Theirs: ${moved.gossip} Old state: 2`;
      const refusal = `Conflicting address for mover. ${claims}`;
      await eventually('the new address is refused', () => match(watcher.output, new RegExp(refusal)));
      await eventually('it is taken when the dead one is forgotten, after 30 s', async () => {
        await moved.serf('join', watcher.gossip);
        const { addr, status } = (await watcher.members()).find(({ name }) => name === 'mover') ?? {};
        deepEqual([addr, status], [moved.gossip, 'alive']);
      });
      const [beforeIt = ''] = watcher.output.split(refusal);
      equal(beforeIt.match(/EventMemberJoin: mover/g)?.length, 1, 'nobody took it at first');
    });

    test(`[41] to ${watches.title} a ${moves.title} that left is alive elsewhere at once`, async (t) => {
      const cluster = await Cluster.of(t);
      const watcher = await cluster.start(watches, 'watcher');
      const join = `-join=${watcher.gossip}`;
      const mover = await cluster.start(moves, 'mover', join);
      await expectStatuses([watcher], { watcher: 'alive', mover: 'alive' });
      await mover.leave();
      await expectStatuses([watcher], { watcher: 'alive', mover: 'left' });
      const moved = await cluster.start(moves, 'mover', join);
      await expectStatuses([watcher, moved], { watcher: 'alive', mover: 'alive' });
    });

    test(`[62] a second ${moves.title} with the name of a ${watches.title} ends with 0`, async (t) => {
      const cluster = await Cluster.of(t);
      const first = await cluster.start(watches, 'name');
      const others = [
        await cluster.start(serf094, 'other', `-join=${first.gossip}`),
        await cluster.start(reeve, 'another', `-join=${first.gossip}`),
      ];
      await expectStatuses([first, ...others], allAlive([first, ...others]));
      const second = await cluster.start(moves, 'name', `-join=${first.gossip}`);
      equal((await second.ended).exit, 0);
      match(second.output, /minority in name conflict resolution, quit+ing \[\d \/ \d\]/);
      await eventually('the first has won its own vote', () =>
        match(first.output, /majority in name conflict resolution \[\d \/ \d\]/),
      );
      await expectStatuses([first, ...others], allAlive([first, ...others]));
    });
  }
});
