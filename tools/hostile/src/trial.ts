// One class of hostile input at one member of a cluster of two, and what became of it: does the agent live
// and answer, how much does it hold, does each member soon believe the truth about the other again, do events
// and joins still pass. Next: report.ts.

import { setTimeout as delay } from 'node:timers/promises';
import { type Agent, eventually, NotInTime, sendEvent } from '@reeve/interop';
import { type Reading, readAgent } from './agents/probed-agent.ts';
import { joinTo, seenMembers } from './agents/rpc.ts';
import { attack, victimOf } from './attack.ts';
import type { HostileClass } from './hostile-class.ts';

/** Two members who know each other; the first is attacked. */
export type Pair = readonly [target: Agent, other: Agent];

/** How a trial is made. */
export interface TrialOptions {
  readonly isBrief: boolean;
  /** Beliefs are watched at least this long after the attack, as some turn wrong with delay. */
  readonly watchMs: number;
}

/** What became of it. */
export interface Finding {
  readonly name: string;
  readonly inputs: number;
  /** How one of the two ended, if it did. */
  readonly death: string | undefined;
  /** By how much the one of the two grew that grew more. */
  readonly grownBytes: number;
  /** The longest turn of the target's event loop; undefined when it has no probe. */
  readonly longestTurnMs: number | undefined;
  /** By the target. */
  readonly loggedLines: number;
  /** How long after the attack a member was last seen with a wrong belief about the other. */
  readonly wrongBeliefMs: number;
  /** What was still wrong at the end. */
  readonly lasting: readonly string[];
}

/** Attacks the first of the pair. */
export async function tryClass(pair: Pair, tried: HostileClass, options: TrialOptions): Promise<Finding> {
  const [target] = pair;
  const before = await Promise.all(pair.map(readAgent));
  const linesBefore = linesOf(target);
  const scene = { victims: pair.map(victimOf), isBrief: options.isBrief };
  const inputs = await attack(target, tried.inputs(scene));
  const [wrongBeliefMs, ...lasting] = await aftermath(pair, options.watchMs);
  const dead = pair.find((agent) => !agent.isRunning);
  const death = dead && (await lastWords(dead));
  const after = death === undefined ? await Promise.all(pair.map(readAgent)) : before;
  return {
    name: tried.name,
    inputs,
    death,
    grownBytes: growth(before, after),
    longestTurnMs: after[0]?.longestTurnMs,
    loggedLines: linesOf(target) - linesBefore,
    wrongBeliefMs,
    lasting,
  };
}

/** How long beliefs were wrong, and what stayed broken. */
async function aftermath(pair: Pair, watchMs: number): Promise<[number, ...string[]]> {
  const [target, other] = pair;
  const broken: string[] = [];
  const expect = async (what: string, check: () => Promise<void>): Promise<void> => {
    const mends = eventually(what, check, mendedWithinMs);
    await mends.catch((error: unknown) => {
      if (!(error instanceof NotInTime)) throw error;
      broken.push(error.message.replaceAll('\n', ': '));
    });
  };
  const wrongBeliefMs = await watchBeliefs(pair, watchMs);
  if (!areRunning(pair)) return [wrongBeliefMs];
  await expect('both members see both alive', () => seeEachOther(pair));
  await expect('events of either reach both', async () => {
    await eventReaches(other, pair);
    await eventReaches(target, pair); // later, as its clocks may have been driven ahead
  });
  await expect('the other can join the target', () => joinTo(other, target));
  await expect('the target can join the other', () => joinTo(target, other));
  return [wrongBeliefMs, ...broken];
}

/** When, after now, a belief was last seen to be wrong; watches for `watchMs` and until all is right. */
async function watchBeliefs(pair: Pair, watchMs: number): Promise<number> {
  const startMs = performance.now();
  for (let wrongMs = 0; ; ) {
    const isRight = await seeEachOther(pair).then(
      () => true,
      () => false,
    );
    const pastMs = performance.now() - startMs;
    if (!isRight) wrongMs = pastMs;
    if (!areRunning(pair) || (isRight && pastMs >= watchMs) || pastMs >= watchMs + mendedWithinMs)
      return wrongMs;
    await delay(lookMs);
  }
}

/** Both are alive, and where they are, to both. Others that they believe in do not count. */
async function seeEachOther(pair: Pair): Promise<void> {
  for (const agent of pair) {
    const seen = await seenMembers(agent);
    for (const { name, gossip } of pair) {
      const member = seen.find((it) => it.name === name);
      if (member?.status === 'alive' && member.place === gossip) continue;
      throw new Error(
        `${agent.name} sees ${name} ${member?.status ?? 'nowhere'} at ${member?.place ?? 'none'}`,
      );
    }
  }
}

/** Every try is an event of its own: one may be lost. */
async function eventReaches(from: Agent, pair: Pair): Promise<void> {
  const name = `after-${performance.now()}`;
  await sendEvent(from, name, new Uint8Array(0));
  await eventually(
    `${name} is told`,
    () => {
      const deaf = pair.find((agent) => !agent.output.includes(`Received event: user-event: ${name}`));
      if (deaf) throw new Error(`${deaf.name} has not heard of it`);
    },
    eventMs,
  );
}

function areRunning(pair: Pair): boolean {
  return pair.every((agent) => agent.isRunning);
}

function growth(before: readonly Reading[], after: readonly Reading[]): number {
  return Math.max(...after.map(({ heldBytes }, index) => heldBytes - (before[index]?.heldBytes ?? 0)));
}

function linesOf(agent: Agent): number {
  return agent.output.split('\n').length;
}

/** Go tells why in the first line of a panic. */
async function lastWords(agent: Agent): Promise<string> {
  const { exit, stdout, stderr } = await agent.ended;
  const lines = `${stdout}${stderr}`.split('\n');
  const reason =
    lines.find((line) => /panic:|fatal error:|Error:/.test(line)) ?? lines.findLast((line) => line !== '');
  return `${agent.name} ended, exit ${exit}: ${reason}`;
}

/** The goal of the project: no wrong belief about a node that answers lasts longer. */
const mendedWithinMs = 15_000;
/** One gossip round is 200 ms; an event that has not arrived by now is tried again. */
const eventMs = 4_000;
const lookMs = 200;
