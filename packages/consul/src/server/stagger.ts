// Pauses and waits have a random part, so that those who begin together do not come back together. Upstream:
// lib.RandomStagger, agent/consul/rpc.go (jitterFraction).

import type { Runtime } from '@reeve/runtime';

/** A random part of a time: up to its sixteenth. */
export function staggerMs({ random }: Pick<Runtime, 'random'>, ms: number): number {
  return (random.float() * ms) / jitterFraction;
}

const jitterFraction = 16;
