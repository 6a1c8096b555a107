// Says goodbye: a dead message about ourselves in our own name, so that others take us as left, not as
// failed.
// Upstream: memberlist memberlist.go (Leave). The node keeps answering until it is shut down. Next: dead.ts.

import { applyDead } from './dead.ts';
import { type Machine, notRunning } from './machine.ts';
import { spreadTheWord } from './spread-the-word.ts';

/**
 * Leaves; `done` when the goodbye went out, or with an error after `timeoutMs`. Leaving twice is no error.
 */
export function leave(machine: Machine, timeoutMs: number, done: (error?: Error) => void): void {
  const { self } = machine;
  if (machine.leaving || !machine.transport || !self) {
    const error = machine.leaving ? undefined : new Error(notRunning);
    machine.runtime.timers.after(0, () => done(error));
    return;
  }
  machine.leaving = true;
  const goodbye = { incarnation: self.incarnation, node: self.name, from: self.name };
  const tell = (finished: () => void): void => applyDead(machine, goodbye, finished);
  spreadTheWord(machine, timeoutMs, 'timeout waiting for leave broadcast', tell, done);
}
