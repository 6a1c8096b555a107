// The condition `only_with_majority`: act only while more than half of the known members are alive. Of two
// halves of a torn network at most one acts; two halves of the same size both wait.
//
// - Known are the members that are alive, leaving or failed. Who left on purpose is no reason to doubt.
// - A torn network takes members away one by one, and the first losses look like a majority. Within
//   `settleMs` after a failure an event therefore waits, `settleMs` from its own arrival at most, before it
//   is judged.
// - Without a majority an event is held back until there is one. Only events about members change that, so
//   only they are a reason to look again.
// - What has waited is judged anew: a member that is back is no longer worth a member-failed. An event that
//   is no longer true of any of its members is dropped. User events stay true.
// - A query is never held: answered late, it is of no use to whoever asked.
//
// Not a fence: between the judgement and the deed the network can tear. Next: handler-lane.ts.

import { EventEmitter } from 'node:events';
import { eventText } from '@reeve/serf/agent';
import type { Member, MemberEvent, SerfEvent } from '@reeve/serf/core';
import type { EventHandlersHost } from './action.ts';
import { pause, untilEmitted } from './pause.ts';

/** Lets the events of one handler through, or not. */
export class MajorityGate {
  readonly #host: EventHandlersHost;
  readonly #owner: string;
  readonly #settleMs: number;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #judgeAtMs = new WeakMap<SerfEvent, number>();
  #lastFailureAtMs = Number.NEGATIVE_INFINITY;

  /** `owner` is what log lines call the handler. */
  constructor(host: EventHandlersHost, owner: string, settleMs: number) {
    this.#host = host;
    this.#owner = owner;
    this.#settleMs = settleMs;
  }

  /** Notes an event that has just arrived, whether the handler wants it or not. */
  onArrival(event: SerfEvent): void {
    const now = performance.now();
    if (event.kind === 'member-failed') this.#lastFailureAtMs = now;
    if (now - this.#lastFailureAtMs < this.#settleMs) this.#judgeAtMs.set(event, now + this.#settleMs);
    if ('members' in event) this.#changes.emit('change');
  }

  /**
   * Resolves with what is to be handled once there is a majority; with undefined when that is nothing, or
   * when `signal` aborts first.
   */
  async admit(event: SerfEvent, signal: AbortSignal): Promise<SerfEvent | undefined> {
    if (event.kind === 'query') return this.#judgeQuery(event);
    const waitMs = (this.#judgeAtMs.get(event) ?? 0) - performance.now();
    if (waitMs > 0) await pause(waitMs, signal);
    if (!signal.aborted && !seesMajority(this.#host.members())) this.#tellHeld(event);
    while (!signal.aborted && !seesMajority(this.#host.members()))
      await untilEmitted(this.#changes, 'change', signal);
    if (signal.aborted || !('members' in event)) return signal.aborted ? undefined : event;
    const members = stillTrue(event, this.#host.members());
    if (members.length === 0) this.#tellDropped(event, 'it is no longer true');
    return members.length === 0 ? undefined : { ...event, members };
  }

  #judgeQuery(query: SerfEvent): SerfEvent | undefined {
    if (seesMajority(this.#host.members())) return query;
    this.#tellDropped(query, 'a minority of the members is alive');
    return undefined;
  }

  #tellHeld(event: SerfEvent): void {
    const { alive, known } = countMembers(this.#host.members());
    const why = `${alive} of ${known} members alive are no majority`;
    this.#host.log('warn', `agent: Holding back ${eventText(event)} from '${this.#owner}': ${why}`);
  }

  #tellDropped(event: SerfEvent, why: string): void {
    this.#host.log('info', `agent: Dropping ${eventText(event)} for '${this.#owner}': ${why}`);
  }
}

/** Whether more than half of the members that did not leave are alive. */
export function seesMajority(members: readonly Member[]): boolean {
  const { alive, known } = countMembers(members);
  return 2 * alive > known;
}

/** The members of an event of whom it is still true. */
export function stillTrue({ kind, members }: MemberEvent, now: readonly Member[]): readonly Member[] {
  const statusNow = new Map(now.map(({ name, status }) => [name, status]));
  return members.filter(({ name }) => {
    const status = statusNow.get(name);
    if (kind === 'member-failed') return status === 'failed';
    if (kind === 'member-leave') return status === 'left' || status === 'leaving';
    if (kind === 'member-reap') return status === undefined;
    return status === 'alive';
  });
}

function countMembers(members: readonly Member[]): { alive: number; known: number } {
  const alive = members.filter(({ status }) => status === 'alive' || status === 'leaving').length;
  const failed = members.filter(({ status }) => status === 'failed').length;
  return { alive, known: alive + failed };
}
