// Repeats a probe: first after a random part of the interval, so that the checks of a machine spread out,
// then an interval after each result. There is never a second try while one goes on.

import type { Runtime } from '@reeve/runtime';
import type { CheckResult, Probe } from './probe.ts';

/** Starts; the function returned stops it for good, and what a try then finds is told nobody. */
export function startPeriodic(
  runtime: Pick<Runtime, 'timers' | 'random'>,
  intervalMs: number,
  probe: Probe,
  onResult: (result: CheckResult) => void,
): () => void {
  let stop: () => void;
  let isStopped = false;
  const runIn = (delayMs: number) => {
    const timer = runtime.timers.after(delayMs, () => {
      stop = probe((result) => {
        if (isStopped) return;
        runIn(intervalMs);
        onResult(result);
      });
    });
    stop = () => timer.cancel();
  };
  runIn(runtime.random.float() * intervalMs);
  return () => {
    isStopped = true;
    stop();
  };
}
