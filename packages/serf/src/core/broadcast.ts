// Handing messages to gossip, and waiting: until one has gone out, or some time has passed, or the node is no
// more.
// Upstream: serf.go (broadcast with a notify channel, and select with time.After).

import type { BroadcastQueue } from '@reeve/memberlist';
import type { Machine } from './machine.ts';

/** How waiting ended; `stopped` when the node was shut down. */
export type WaitOutcome = 'finished' | 'timeout' | 'stopped';

/** Tells everybody: by gossip, or over streams when no packet can carry the message. */
export function spread(machine: Machine, queue: BroadcastQueue, message: Uint8Array): void {
  if (message.length <= machine.gossip.userBroadcastBytesMax) queue.queue({ message });
  else machine.largeMessages.add(message);
}

/** Gossips a message and waits until it was sent as often as it will be, at most `broadcastTimeoutMs`. */
export function broadcastAndWait(
  machine: Machine,
  queue: BroadcastQueue,
  message: Uint8Array,
  done: (outcome: WaitOutcome) => void,
): void {
  const begin = (finished: () => void) => queue.queue({ message, finished });
  waitFor(machine, machine.config.broadcastTimeoutMs, begin, done);
}

/** Begins something. `done` runs once, later: when it has finished, after `timeoutMs`, or at our end. */
export function waitFor(
  machine: Machine,
  timeoutMs: number,
  begin: (finished: () => void) => void,
  done: (outcome: WaitOutcome) => void,
): void {
  let hasEnded = false;
  const end = (outcome: WaitOutcome): void => {
    if (hasEnded) return;
    hasEnded = true;
    stopsWithNode();
    isLate.cancel();
    // Later, because a finished broadcast is reported from inside the queue.
    machine.runtime.timers.after(0, () => done(outcome));
  };
  const isLate = machine.timers.after(timeoutMs, () => end('timeout'));
  const stopsWithNode = machine.underway.add(() => end('stopped'));
  begin(() => end('finished'));
}
