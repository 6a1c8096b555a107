// Scripts of the simulated world: they take their time, mostly a little and sometimes seconds, and some fail.
// They run on the agent's machine; whether anybody still waits for them is the agent's affair.

import type { Runtime } from '@reeve/runtime';
import type { StartScript } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';

/** Who is told of scripts. */
export interface ScriptWatcher {
  begun(command: string, event: SerfEvent): void;
  /** `failure`: why it failed, if it did. */
  ended(failure: string | undefined): void;
}

/** Starts scripts on a machine. */
export function simulatedScripts(
  { timers, random }: Pick<Runtime, 'timers' | 'random'>,
  watcher: ScriptWatcher,
): StartScript {
  return (command, event, _self, done) => {
    watcher.begun(command, event);
    const failure = random.float() < failedShare ? 'exit status 1' : undefined;
    const end = timers.after(2 ** (random.float() * durationMsBitsMax), () => {
      watcher.ended(failure);
      done(failure);
    });
    return { abandon: () => end.cancel() };
  };
}

const failedShare = 0.1;
/** From one millisecond to a second, half of them under 32 ms. */
const durationMsBitsMax = 10;
