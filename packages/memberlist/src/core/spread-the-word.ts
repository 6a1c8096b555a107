// Waits until something about ourselves has been told to the others. Upstream: memberlist memberlist.go
// (Leave, UpdateNode): with nobody alive to tell, there is nothing to wait for. Next: leave.ts,
// update-node.ts.

import { type Machine, notRunning } from './machine.ts';

/**
 * Calls `tell` with what it must call when its broadcast is finished; `done` then, or with an error after
 * `timeoutMs` or when the node stops.
 */
export function spreadTheWord(
  machine: Machine,
  timeoutMs: number,
  timeoutText: string,
  tell: (finished: () => void) => void,
  done: (error?: Error) => void,
): void {
  const { timers } = machine.runtime;
  let ended = false;
  const end = (error?: Error): void => {
    ended = true;
    stopsWithNode();
    wordIsSpread.cancel();
    done(error);
  };
  const stopsWithNode = machine.underway.add(() => end(new Error(notRunning)));
  let wordIsSpread = timers.after(timeoutMs, () => end(new Error(timeoutText)));
  // Later, because a finished broadcast is reported from inside the queue.
  const finished = (): void => {
    if (ended) return;
    wordIsSpread.cancel();
    wordIsSpread = timers.after(0, () => end());
  };
  tell(finished);
  const anyAlive = machine.table.nodes.some((node) => {
    return !machine.isSelf(node.name) && node.state !== 'dead' && node.state !== 'left';
  });
  if (!anyAlive) finished();
}
