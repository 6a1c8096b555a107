// What the figures of the SWIM paper (DSN 2002, section 5) show, over the size of the group: the load of a
// member when nothing happens, the time until the first member notices a crash, and the time until all know.
// A protocol period is a probe interval.

import { arms } from './arms.ts';
import { Group, type GroupMember } from './group.ts';

/** One run. */
export interface SwimRun {
  readonly members: number;
  readonly seed: number;
}

/** What came of it; times are in protocol periods. */
export interface SwimResult {
  /** Messages that a member sends in a period in which nothing happens. */
  readonly load: number;
  /** From a crash to the first suspicion. */
  readonly firstSuspicion: number;
  /** From there until half of the others, and all of them, suspect it, too. */
  readonly halfSuspect: number;
  readonly allSuspect: number;
  /** From the first suspicion until all have declared it dead. */
  readonly allDeclare: number;
}

/** Lets a group rest, then crashes a member at any moment of a period. */
export function runSwim({ members, seed }: SwimRun): SwimResult {
  const group = new Group({ seed, members, config: arms.SWIM });
  group.form();
  group.world.run(quietPeriods * periodMs);
  const load = group.load.messages / members / quietPeriods;
  group.world.run(group.random.float() * periodMs);
  const crashedAtMs = group.world.now;
  const { suspectedAtMs, declaredAtMs } = crashOne(group);
  const [firstMs = Number.NaN] = suspectedAtMs;
  const sinceFirst = (atMs: number | undefined): number => ((atMs ?? Number.NaN) - firstMs) / periodMs;
  return {
    load,
    firstSuspicion: (firstMs - crashedAtMs) / periodMs,
    halfSuspect: sinceFirst(suspectedAtMs[Math.ceil(suspectedAtMs.length / 2) - 1]),
    allSuspect: sinceFirst(suspectedAtMs.at(-1)),
    allDeclare: sinceFirst(declaredAtMs.at(-1)),
  };
}

/** When each of the others came to suspect, and to declare dead, a member that crashes now. */
function crashOne(group: Group): { readonly suspectedAtMs: number[]; readonly declaredAtMs: number[] } {
  const { world, members } = group;
  const [crashed] = group.pick(1);
  if (!crashed) throw new RangeError('a group has at least one member');
  const suspecting = new Map<GroupMember, number>();
  const declaring = new Map<GroupMember, number>();
  const memberAt = new Map(members.map((member) => [member.host, member]));
  const note = (since: Map<GroupMember, number>, member: GroupMember): void => {
    if (!since.has(member)) since.set(member, world.now);
  };
  world.onRan((host) => {
    const member = memberAt.get(host);
    const state = member?.list.nodes.find(({ name }) => name === crashed.name)?.state;
    if (!member || state === 'alive') return;
    note(suspecting, member);
    if (state !== 'suspect') note(declaring, member);
  });
  crashed.host.crash();
  world.runUntil(() => declaring.size === members.length - 1, limitMs);
  return { suspectedAtMs: [...suspecting.values()], declaredAtMs: [...declaring.values()] };
}

const periodMs = 1_000;
const quietPeriods = 60;
const limitMs = 120_000;
