// One snapshot file, several programs: what a real agent has written restarts ours, and what ours has written
// restarts a real one. `serf agent -snapshot=FILE` after a crash finds its cluster again by the file alone.

import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  type Program,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
} from '@reeve/interop';

describe('snapshots', { skip: peersMissing(), concurrency: true }, () => {
  for (const [before, after] of [
    [serf094, reeve],
    [serf0101, reeve],
    [reeve, serf094],
    [reeve, serf0101],
  ] as const) {
    test(`[66] after a crash ${after.title} goes on where ${before.title} was`, async (t) => {
      const cluster = await Cluster.of(t);
      const log = new EventLog(cluster);
      const { path, seed, node } = await startWithSnapshot(cluster, before, log.flag);
      const sent = await fillSnapshot(node, path);
      await eventually('its handler was told', () => equal(log.of(node).length, sent));
      await node.kill();
      const written = eventsIn(path);

      const again = await cluster.startAt(node, after, node.name, log.flag, `-snapshot=${path}`);
      await expectStatuses([seed, again], allAlive([seed, again]));
      match(again.output, /serf: Re-joined to previously known node: seed: /);
      await sendEvent(seed, 'after', new Uint8Array(0));
      await eventually('it hears what is new', () => equal(log.of(again).at(-1)?.name, 'after'));
      const heard = log.of(again).map(({ name }) => name);
      const old = heard.filter((name) => written.includes(name));
      deepEqual(old, written, 'what was told and written down before the crash is not told again');
    });

    test(`[66] after ${before.title} has left, ${after.title} comes back only with -rejoin`, async (t) => {
      const cluster = await Cluster.of(t);
      const { path, seed, node } = await startWithSnapshot(cluster, before);
      await node.leave();
      match(readFileSync(path, 'utf8'), /^leave$/m);
      await expectStatuses([seed], { seed: 'alive', node: 'left' });

      copyFileSync(path, `${path}.copy`);

      const alone = await cluster.startAt(node, after, node.name, `-snapshot=${path}`);
      await sendEvent(alone, 'later', new Uint8Array(0));
      await eventually('it has come further', () => match(alone.output, /Received event: user-event: later/));
      doesNotMatch(alone.output, /Attempting re-join/);
      await alone.kill();

      const flags = [`-snapshot=${path}.copy`, '-rejoin'];
      const back = await cluster.startAt(node, after, node.name, ...flags);
      await expectStatuses([seed, back], allAlive([seed, back]));
      match(back.output, /serf: Ignoring previous leave in snapshot/);
    });
  }

  for (const program of [reeve, serf094, serf0101]) {
    test(`${program.title} starts with a file that was cut in the middle of a line`, async (t) => {
      const cluster = await Cluster.of(t);
      const { path, seed, node } = await startWithSnapshot(cluster, program);
      await fillSnapshot(node, path);
      await node.kill();
      const text = readFileSync(path, 'utf8');
      truncateSync(path, text.indexOf('\n', text.indexOf('event-clock: ')) - 1);
      const again = await cluster.startAt(node, program, node.name, `-snapshot=${path}`);
      await expectStatuses([seed, again], allAlive([seed, again]));
    });
  }
});

interface Started {
  readonly path: string;
  readonly seed: Agent;
  readonly node: Agent;
}

/** Our `seed`, and `node` of a program, which has joined it and keeps a snapshot. */
async function startWithSnapshot(cluster: Cluster, program: Program, ...flags: string[]): Promise<Started> {
  const path = join(cluster.folder, 'snapshot');
  const seed = await cluster.start(reeve, 'seed');
  const node = await cluster.start(program, 'node', ...flags, `-snapshot=${path}`, `-join=${seed.gossip}`);
  await expectStatuses([seed, node], allAlive([seed, node]));
  return { path, seed, node };
}

/**
 * Sends events until the file tells of them and of the seed: real agents write a line only with a later one.
 * Returns how many were sent.
 */
async function fillSnapshot(node: Agent, path: string): Promise<number> {
  let count = 0;
  await eventually('the snapshot knows the seed and some events', async () => {
    await sendEvent(node, `before-${count++}`, new Uint8Array(0));
    const text = readFileSync(path, 'utf8');
    match(text, /^alive: seed /m);
    match(text, /^event-clock: /m);
  });
  return count;
}

/** The names of the events that a snapshot knows of: event `before-0` has the Lamport time 1. */
function eventsIn(path: string): string[] {
  const [, lastTime] = [...readFileSync(path, 'utf8').matchAll(/^event-clock: (\d+)$/gm)].at(-1) ?? [];
  return Array.from({ length: Number(lastTime) }, (_, index) => `before-${index}`);
}
