// The way of an event to the application: internal queries are answered on the way, user events and member
// events are held back by their coalescers if the configuration says so.
// Upstream: serf.go (Create) builds the same chain from channels. The snapshot comes before it; see serf.ts.

import { MemberCoalescer } from './coalesce-members.ts';
import { UserEventCoalescer } from './coalesce-user-events.ts';
import type { MemberEvent, SerfEvent, UserEvent } from './events.ts';
import { IncomingQuery } from './incoming-query.ts';
import { answerInternalQuery, isInternalQuery } from './internal-query.ts';
import type { Machine } from './machine.ts';

/** From the machine to the application. */
export class EventChain {
  readonly #machine: Machine;
  readonly #tell: (event: SerfEvent) => void;
  readonly #members: MemberCoalescer | undefined;
  readonly #userEvents: UserEventCoalescer | undefined;

  constructor(machine: Machine, tell: (event: SerfEvent) => void) {
    const { config, timers } = machine;
    const { coalescedMax } = config.limits;
    this.#machine = machine;
    this.#tell = tell;
    const member = { periodMs: config.coalescePeriodMs, quiescentMs: config.quiescentPeriodMs };
    const user = { periodMs: config.userCoalescePeriodMs, quiescentMs: config.userQuiescentPeriodMs };
    if (member.periodMs > 0 && member.quiescentMs > 0)
      this.#members = new MemberCoalescer(timers, member, coalescedMax, tell);
    if (user.periodMs > 0 && user.quiescentMs > 0)
      this.#userEvents = new UserEventCoalescer(timers, user, coalescedMax, tell);
  }

  onEvent(event: SerfEvent): void {
    if (event instanceof IncomingQuery && isInternalQuery(event.name))
      answerInternalQuery(this.#machine, event);
    else if (event.kind === 'query') this.#tell(event);
    else if (event.kind === 'user') this.#onUserEvent(event);
    else this.#onMemberEvent(event);
  }

  /** Tells what is held back, now. */
  close(): void {
    this.#userEvents?.close();
    this.#members?.close();
  }

  #onUserEvent(event: UserEvent): void {
    if (this.#userEvents) this.#userEvents.onEvent(event);
    else this.#tell(event);
  }

  #onMemberEvent(event: MemberEvent): void {
    if (this.#members) this.#members.onEvent(event);
    else this.#tell(event);
  }
}
