// Rules of `Clock` and `Timers`.

import type { Timer } from '../clock.ts';
import { type Bench, type BenchCase, check, checkEqual } from './bench.ts';

/** The cases about time. */
export const clockCases: readonly BenchCase[] = [
  {
    name: 'the clock never goes back',
    async run({ runtime: { clock } }) {
      let before = clock.now();
      for (let reading = 0; reading < 10_000; reading++) {
        const now = clock.now();
        check(now >= before, 'the clock went back');
        before = now;
      }
    },
  },
  {
    name: 'the wall shows whole or broken milliseconds since 1970, and moves',
    async run(bench) {
      const before = bench.runtime.clock.wallTime();
      await bench.pass(20);
      check(before > Date.UTC(2020, 0), 'the wall clock is not set');
      check(bench.runtime.clock.wallTime() >= before + 10, 'the wall clock stands still');
    },
  },
  {
    name: 'a timer never fires before its delay has passed on the clock',
    async run(bench) {
      const { clock, timers } = bench.runtime;
      let fired = 0;
      let earliest = 0;
      for (let index = 0; index < 300; index++) {
        const delayMs = (index * 7.3) % 61;
        const setAt = clock.now();
        const fire = bench.callback(() => {
          fired++;
          earliest = Math.min(earliest, clock.now() - setAt - delayMs);
        });
        bench.call(() => timers.after(delayMs, fire));
      }
      await bench.until(() => fired === 300, 'all timers fire');
      check(earliest >= 0, `a timer fired ${-earliest} ms early`);
    },
  },
  {
    name: 'timers fire by deadline, equal ones in the order in which they were set',
    async run(bench) {
      const fired: SetTimer[] = [];
      for (let index = 0; index < 200; index++) setTimer(bench, index, 20 + 5 * ((index * 7) % 5), fired);
      await bench.until(() => fired.length === 200, 'all timers fire');
      checkOrder(fired);
    },
  },
  {
    name: 'a delay of 0 or less fires soon, but never inside the call',
    async run(bench) {
      const { timers } = bench.runtime;
      const fired: number[] = [];
      for (const delayMs of [0, -1, -1e9]) {
        bench.call(() =>
          timers.after(
            delayMs,
            bench.callback(() => fired.push(delayMs)),
          ),
        );
      }
      await bench.until(() => fired.length === 3, 'timers without delay fire');
      checkEqual(fired, [0, -1, -1e9], 'order');
    },
  },
  {
    name: 'a cancelled timer never fires, and cancelling one that has fired does nothing',
    async run(bench) {
      const { timers } = bench.runtime;
      const fired: string[] = [];
      const cancelled = timers.after(5, () => fired.push('cancelled'));
      cancelled.cancel();
      cancelled.cancel();
      const done = timers.after(5, () => fired.push('done'));
      await bench.until(() => fired.length > 0, 'the other timer fires');
      done.cancel();
      await bench.pass(30);
      checkEqual(fired, ['done'], 'fired');
    },
  },
  {
    name: 'a timer can be cancelled by one with the same deadline that fires before it',
    async run(bench) {
      const { timers } = bench.runtime;
      const fired: string[] = [];
      const first = timers.after(10, () => {
        fired.push('first');
        second.cancel();
      });
      const second = timers.after(10, () => fired.push('second'));
      timers.after(15, () => fired.push('last'));
      await bench.until(() => fired.includes('last'), 'the last timer fires');
      first.cancel();
      checkEqual(fired, ['first', 'last'], 'fired');
    },
  },
  {
    name: 'a timer set while another fires does not fire inside it',
    async run(bench) {
      const { timers } = bench.runtime;
      const events: string[] = [];
      const outer = bench.callback(() => {
        bench.call(() =>
          timers.after(
            0,
            bench.callback(() => events.push('inner')),
          ),
        );
        events.push('outer');
      });
      timers.after(1, outer);
      await bench.until(() => events.length === 2, 'both timers fire');
      checkEqual(events, ['outer', 'inner'], 'events');
    },
  },
  {
    name: 'a delay of more than 24.8 days is not cut short',
    async run(bench) {
      let fired = false;
      const timer = bench.runtime.timers.after(2 ** 31 + 5, () => {
        fired = true;
      });
      await bench.pass(30);
      timer.cancel();
      check(!fired, 'a timer for next month fired at once');
    },
  },
  {
    name: 'thousands of timers set and cancelled leave the others and their order alone',
    async run(bench) {
      const fired: SetTimer[] = [];
      for (let index = 0; index < 5_000; index++) {
        const timer = setTimer(bench, index, 10 + 3 * ((index * 7) % 10), fired);
        if (index % 49 !== 0) timer.cancel();
      }
      await bench.until(() => fired.length === 103, 'the timers that were not cancelled fire');
      await bench.pass(20);
      checkEqual(fired.length, 103, 'fired');
      checkOrder(fired);
    },
  },
];

/** A timer, and between which two readings of the clock its deadline lies. */
interface SetTimer {
  readonly index: number;
  readonly delayMs: number;
  readonly from: number;
  readonly to: number;
}

function setTimer(bench: Bench, index: number, delayMs: number, fired: SetTimer[]): Timer {
  const { clock, timers } = bench.runtime;
  const from = clock.now() + delayMs;
  const timer = bench.call(() => timers.after(delayMs, () => fired.push(set)));
  const set: SetTimer = { index, delayMs, from, to: clock.now() + delayMs };
  return timer;
}

function checkOrder(fired: readonly SetTimer[]): void {
  for (const [at, second] of fired.slice(1).entries()) {
    const first = fired[at] ?? second;
    check(first.from <= second.to, `the timer of ${first.from} ms fired before that of ${second.to} ms`);
    const isSame = first.delayMs === second.delayMs;
    check(!isSame || first.index < second.index, `timer ${first.index} fired before timer ${second.index}`);
  }
}
