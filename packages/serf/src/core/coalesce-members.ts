// Five members joining at once are one event with five members. Upstream: coalesce_member.go.
// Of several events about a member within a window the latest counts; one of the kind that was told about it
// last is not told again, except updates.
// Upstream never empties its table of latest events, so an old member-update is told again with every later
// event; here a window forgets what it told.

import { CoalesceWindow, type WindowPeriods } from './coalesce-window.ts';
import type { MemberEvent, MemberEventKind } from './events.ts';
import type { Member } from './member.ts';
import type { TimerSet } from './timers.ts';

/** Holds member events back and tells them together. */
export class MemberCoalescer {
  // Bounded by coalescedMax: with more the window closes early.
  readonly #latest = new Map<string, { readonly kind: MemberEventKind; readonly member: Member }>();
  /** What was told last. Bounded by the member table: who was reaped is forgotten. */
  readonly #lastTold = new Map<string, MemberEventKind>();
  readonly #coalescedMax: number;
  readonly #window: CoalesceWindow;
  readonly #tell: (event: MemberEvent) => void;

  constructor(
    timers: TimerSet,
    periods: WindowPeriods,
    coalescedMax: number,
    tell: (event: MemberEvent) => void,
  ) {
    this.#coalescedMax = coalescedMax;
    this.#window = new CoalesceWindow(timers, periods, () => this.#flush());
    this.#tell = tell;
  }

  onEvent({ kind, members }: MemberEvent): void {
    for (const member of members) this.#latest.set(member.name, { kind, member });
    if (this.#latest.size >= this.#coalescedMax) this.#window.close();
    else this.#window.onHeld();
  }

  /** Tells what is held, now. */
  close(): void {
    this.#window.close();
  }

  #flush(): void {
    const byKind = new Map<MemberEventKind, Member[]>();
    for (const [name, { kind, member }] of this.#latest) {
      if (this.#lastTold.get(name) === kind && kind !== 'member-update') continue;
      if (kind === 'member-reap') this.#lastTold.delete(name);
      else this.#lastTold.set(name, kind);
      const members = byKind.get(kind);
      if (members) members.push(member);
      else byKind.set(kind, [member]);
    }
    this.#latest.clear();
    for (const [kind, members] of byKind) this.#tell({ kind, members });
  }
}
