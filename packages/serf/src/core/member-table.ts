// All members we know, those that are gone included. Upstream: serf.go (members, failedMembers, leftMembers).
// Invariant: a member is in the list of those gone exactly while its status is left or failed.
// Who changes it: node-events.ts, the two intents, overdue-leave.ts, reap.ts and prune.ts.

import type { Timer } from '@reeve/runtime';
import type { Member, MemberStatus } from './member.ts';

/** A member with what only we need to know. */
export interface MemberState {
  /** Replaced, never changed: it has been handed out. */
  member: Member;
  /** The time of the newest intent about it. */
  statusLTime: number;
  /** When it failed or left, on the monotonic clock; 0 while it is here. */
  goneAtMs: number;
  /** It is forgotten soon; see prune.ts. */
  isPruneDue: boolean;
  /** When it is leaving: by then it must be gone; see overdue-leave.ts. */
  departureDue: Timer | undefined;
}

/** Members by name. */
export class MemberTable {
  // Bounded by membersMax; node-events.ts makes room before it adds.
  readonly #byName = new Map<string, MemberState>();
  /** Names of failed and left members, longest gone first. */
  readonly #gone = new Set<string>();
  readonly #membersMax: number;

  constructor(membersMax: number) {
    this.#membersMax = membersMax;
  }

  get size(): number {
    return this.#byName.size;
  }

  get isFull(): boolean {
    return this.#byName.size >= this.#membersMax;
  }

  get(name: string): MemberState | undefined {
    return this.#byName.get(name);
  }

  /** Everybody, in the order in which we met them. */
  all(): Iterable<MemberState> {
    return this.#byName.values();
  }

  /** Failed and left members, longest gone first. */
  gone(): readonly MemberState[] {
    return [...this.#gone].flatMap((name) => this.#byName.get(name) ?? []);
  }

  /** The members with one of the two statuses of those gone. */
  withStatus(status: 'failed' | 'left'): readonly MemberState[] {
    return this.gone().filter(({ member }) => member.status === status);
  }

  /** Who has been gone longest. */
  longestGone(): MemberState | undefined {
    const [name] = this.#gone;
    return name === undefined ? undefined : this.#byName.get(name);
  }

  /** Whether anybody but this one is alive: whether anybody could hear a broadcast. */
  isAnyAliveBut(name: string): boolean {
    for (const { member } of this.#byName.values()) {
      if (member.status === 'alive' && member.name !== name) return true;
    }
    return false;
  }

  add(state: MemberState): void {
    this.#byName.set(state.member.name, state);
  }

  /** The only way to change a status. `nowMs` is when a member went that is gone now and was not before. */
  setStatus(state: MemberState, status: MemberStatus, nowMs: number): void {
    const { name } = state.member;
    const isGone = status === 'failed' || status === 'left';
    if (!isGone) {
      state.goneAtMs = 0;
      this.#gone.delete(name);
    } else if (!this.#gone.has(name)) {
      state.goneAtMs = nowMs;
      this.#gone.add(name);
    }
    state.member = { ...state.member, status };
  }

  erase(name: string): void {
    this.#byName.delete(name);
    this.#gone.delete(name);
  }
}
