// All members we know, those that are gone included. Upstream: serf.go (members, failedMembers, leftMembers).
// Invariant: a member is in the list of those gone exactly while its status is left or failed.
// Who changes it: node-events.ts, the two intents, overdue-leave.ts, reap.ts and prune.ts.

import type { Timer } from '@reeve/runtime';
import type { Member, MemberStatus } from './member.ts';

/** A member with what only we need to know. */
export interface KnownMember {
  /** Replaced, never changed: it has been handed out. */
  readonly member: Member;
  /** The time of the newest intent about it. */
  readonly statusLTime: number;
  /** When it failed or left, on the monotonic clock; 0 while it is here. */
  readonly goneAtMs: number;
}

/** The same, for the rules that change it. */
export type MemberState = { -readonly [Key in keyof KnownMember]: KnownMember[Key] } & {
  /** It is forgotten soon; see prune.ts. */
  isPruneDue: boolean;
  /** When it is leaving: by then it must be gone; see overdue-leave.ts. */
  departureDue: Timer | undefined;
};

/**
 * Where a table keeps its members, by name. Apart from it, so that a simulation of a large cluster can keep
 * what everybody believes of everybody once.
 */
export interface MemberStore {
  readonly size: number;
  get(name: string): KnownMember | undefined;
  /** A member, to be changed: from now on this is its entry. */
  change(name: string): MemberState | undefined;
  /** Everybody, in the order in which we met them. */
  values(): Iterable<KnownMember>;
  /** Adds a member of a new name, or puts it in the place of another. */
  set(name: string, state: MemberState): void;
  delete(name: string): void;
}

/** Members by name. */
export class MemberTable {
  // Bounded by membersMax; node-events.ts makes room before it adds.
  readonly #byName: MemberStore;
  /** Names of failed and left members, longest gone first. */
  readonly #gone = new Set<string>();
  readonly #membersMax: number;

  constructor(membersMax: number, store: MemberStore = new OwnMembers()) {
    this.#membersMax = membersMax;
    this.#byName = store;
  }

  get size(): number {
    return this.#byName.size;
  }

  get isFull(): boolean {
    return this.#byName.size >= this.#membersMax;
  }

  get(name: string): KnownMember | undefined {
    return this.#byName.get(name);
  }

  /** A member of the table, to be changed: from now on this is its entry. */
  change({ member: { name } }: KnownMember): MemberState {
    const state = this.#byName.change(name);
    if (!state) throw new Error(`only members can be changed, and ${name} is none`);
    return state;
  }

  /** Everybody, in the order in which we met them. */
  all(): Iterable<KnownMember> {
    return this.#byName.values();
  }

  /** Failed and left members, longest gone first. */
  gone(): readonly KnownMember[] {
    return [...this.#gone].flatMap((name) => this.#byName.get(name) ?? []);
  }

  /** The members with one of the two statuses of those gone. */
  withStatus(status: 'failed' | 'left'): readonly KnownMember[] {
    return this.gone().filter(({ member }) => member.status === status);
  }

  /** Who has been gone longest. */
  longestGone(): KnownMember | undefined {
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

class OwnMembers extends Map<string, MemberState> implements MemberStore {
  change(name: string): MemberState | undefined {
    return this.get(name);
  }
}
