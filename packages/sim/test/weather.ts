// Runs seeds one after the other and shows how to see a failure again.

import { equal, ok } from 'node:assert/strict';
import { describeViolation, replayLine, run, type ScenarioName, scenarios } from '@reeve/sim';

/** Runs a scenario; at most a tenth of the seeds may be without a lost packet, a separation or a death. */
export function weather(scenario: ScenarioName, firstSeed: number, lastSeed: number): void {
  let idle = 0;
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const { violation, provesSomething } = run(scenarios[scenario](seed));
    if (!provesSomething) idle++;
    equal(
      violation && `${describeViolation(violation)}\n${replayLine(seed, violation, scenario)}`,
      undefined,
    );
  }
  ok(idle <= (lastSeed - firstSeed) / 10, `${idle} seeds prove nothing`);
}
