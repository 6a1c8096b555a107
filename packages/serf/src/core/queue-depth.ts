// Watching what waits to be gossiped: a queue that only grows means that we cannot keep up.
// Upstream: serf.go (checkQueueDepth, getQueueMax).

import type { BroadcastQueue } from '@reeve/memberlist';
import type { Machine } from './machine.ts';

/** Runs every `queueCheckIntervalMs`: measures all queues, warns about long ones, cuts too long ones. */
export function checkQueueDepths(machine: Machine): void {
  const { intents, events, queries } = machine.queues;
  checkQueueDepth(machine, 'Intent', intents);
  checkQueueDepth(machine, 'Event', events);
  checkQueueDepth(machine, 'Query', queries);
}

function checkQueueDepth(machine: Machine, name: string, queue: BroadcastQueue): void {
  const { runtime, config } = machine;
  const depth = queue.size;
  runtime.metrics.sample(`serf.queue.${name}`, depth);
  if (depth >= config.queueDepthWarning) machine.log('warn', `${name} queue depth: ${depth}`);
  const max = depthMax(machine);
  if (depth <= max) return;
  machine.log('warn', `${name} queue depth (${depth}) exceeds limit (${max}), dropping messages!`);
  queue.prune(max);
}

function depthMax({ config, members }: Machine): number {
  if (config.queueDepthMin <= 0) return config.queueDepthMax;
  return Math.max(config.queueDepthMin, 2 * members.size);
}
