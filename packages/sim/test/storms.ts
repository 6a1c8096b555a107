// Runs seeds one after the other and shows how to see a failure again.

import { equal, ok } from 'node:assert/strict';
import { describeViolation, replayLine, run, storm } from '@reeve/sim';

/** Runs the storms of these seeds; at most a tenth may be without a lost packet, a separation or a death. */
export function weather(firstSeed: number, lastSeed: number): void {
  let idle = 0;
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const { violation, provesSomething } = run(storm(seed));
    if (!provesSomething) idle++;
    equal(violation && `${describeViolation(violation)}\n${replayLine(seed, violation)}`, undefined);
  }
  ok(idle <= (lastSeed - firstSeed) / 10, `${idle} storms prove nothing`);
}
