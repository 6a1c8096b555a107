// Of user events with one name that allow it, only the latest are told. Upstream: coalesce_user.go.
// Latest by Lamport time; of several with one time all are. Others pass at once, perhaps before older ones.

import { CoalesceWindow, type WindowPeriods } from './coalesce-window.ts';
import type { UserEvent } from './events.ts';
import type { TimerSet } from './timers.ts';

/** Holds user events back and tells the latest of each name. */
export class UserEventCoalescer {
  // Bounded by coalescedMax events: with more the window closes early.
  readonly #latest = new Map<string, UserEvent[]>();
  #held = 0;
  readonly #coalescedMax: number;
  readonly #window: CoalesceWindow;
  readonly #tell: (event: UserEvent) => void;

  constructor(
    timers: TimerSet,
    periods: WindowPeriods,
    coalescedMax: number,
    tell: (event: UserEvent) => void,
  ) {
    this.#coalescedMax = coalescedMax;
    this.#window = new CoalesceWindow(timers, periods, () => this.#flush());
    this.#tell = tell;
  }

  onEvent(event: UserEvent): void {
    if (!event.coalesce) return this.#tell(event);
    this.#hold(event);
    if (++this.#held >= this.#coalescedMax) this.#window.close();
    else this.#window.onHeld();
  }

  /** Tells what is held, now. */
  close(): void {
    this.#window.close();
  }

  #hold(event: UserEvent): void {
    const latest = this.#latest.get(event.name);
    const knownTime = latest?.[0]?.lTime ?? -1;
    if (latest && event.lTime === knownTime) latest.push(event);
    else if (event.lTime > knownTime) this.#latest.set(event.name, [event]);
  }

  #flush(): void {
    const told = [...this.#latest.values()].flat();
    this.#latest.clear();
    this.#held = 0;
    for (const event of told) this.#tell(event);
  }
}
