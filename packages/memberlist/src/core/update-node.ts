// Tells everyone our new meta. Upstream: memberlist memberlist.go (UpdateNode). Next: alive.ts.

import { applyAlive } from './alive.ts';
import { aliveMessage } from './broadcast-alive.ts';
import { type Machine, notRunning } from './machine.ts';
import { metaFlaw } from './node.ts';
import { spreadTheWord } from './spread-the-word.ts';

/**
 * Announces what the delegate now calls our meta; `done` when it went out, or with an error after
 * `timeoutMs`.
 */
export function updateNode(machine: Machine, timeoutMs: number, done: (error?: Error) => void): void {
  const { self } = machine;
  const meta = machine.delegate.nodeMeta();
  const flaw = machine.transport && self ? metaFlaw(meta) : notRunning;
  if (!self || flaw !== undefined) {
    machine.runtime.timers.after(0, () => done(new Error(flaw)));
    return;
  }
  const alive = aliveMessage({ ...self, meta, incarnation: machine.nextIncarnation() });
  const tell = (finished: () => void): void => applyAlive(machine, alive, { ownWord: true, finished });
  spreadTheWord(machine, timeoutMs, 'timeout waiting for update broadcast', tell, done);
}
