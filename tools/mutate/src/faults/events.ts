// User events: told once, to everybody, in batches where that is allowed.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of user events, of their memory and of coalescing. */
export const eventFaults: readonly Fault[] = [
  ...faultsIn('packages/serf/src/core/lamport-buffer.ts', [
    {
      name: 'an event that was heard before is told again',
      original: "    if (slot.items.has(key)) return 'seen';\n",
      replacement: '',
    },
    {
      name: 'an event older than what is remembered is told',
      original: "    if (lTime <= this.#latest - size) return 'old';\n",
      replacement: '',
    },
    {
      name: 'what was forgotten early to make room is told again',
      original: '    this.ignoreBefore(oldest.lTime + 1);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/push-pull-state.ts', [
    {
      name: 'who joins is told events from before, although it asked not to be',
      original: '  if (isJoin && asked && ignoresOldEvents) heardEvents.ignoreBefore(remote.eventLTime);\n',
      replacement: '',
    },
    {
      name: 'events from the end of time, told unasked, make all others old',
      original: 'if (asked || event.lTime <= heardEvents.latest) applyUserEvent(machine, event);',
      replacement: 'if (asked || event.lTime > 0) applyUserEvent(machine, event);',
    },
    {
      name: 'a push/pull does not move the clocks',
      original: '  followClocks(machine, remote, asked);\n',
      replacement: '',
    },
    {
      name: 'a push/pull does not say who has left',
      original: 'stepwise(left, (node) => {',
      replacement: 'stepwise([] as string[], (node) => {',
    },
    {
      name: 'a push/pull does not bring the events that were missed',
      original: '  yield* mergeEvents(machine, remote, asked);\n',
      replacement: '',
    },
    {
      name: 'the time of a leave is taken for that of a join by the other side',
      original: "if (member.status !== 'leaving') statusLTimes.set(",
      replacement: 'statusLTimes.set(',
    },
  ]),
  ...faultsIn('packages/serf/src/core/coalesce-user-events.ts', [
    {
      name: 'of coalesced events the first is told, not the latest',
      original: 'else if (event.lTime > knownTime)',
      replacement: 'else if (knownTime < 0)',
    },
    {
      name: 'events that forbid it are coalesced',
      original: '    if (!event.coalesce) return this.#tell(event);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/coalesce-members.ts', [
    {
      name: 'a member that failed and is back within a window is told as joined again',
      original: "      if (this.#lastTold.get(name) === kind && kind !== 'member-update') continue;\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/coalesce-window.ts', [
    {
      name: 'a window stays open as long as events come',
      original: '    this.#period ??= this.#timers.after(this.#periods.periodMs, () => this.close());\n',
      replacement: '',
    },
  ]),
];
