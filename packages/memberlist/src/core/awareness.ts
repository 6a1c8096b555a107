// How well this node itself is doing, as a score from 0 (well) up. Lifeguard paper, section IV-A: a node that
// misses answers it should have got probes more slowly, instead of accusing others. Upstream: memberlist
// awareness.go.

import type { Metrics } from '@reeve/runtime';

/** The local health score. */
export class Awareness {
  readonly #scoreLimit: number;
  readonly #metrics: Metrics;
  #score = 0;

  /** The score stays below `maxMultiplier`, and a timeout is never scaled by more than it. */
  constructor(maxMultiplier: number, metrics: Metrics) {
    this.#scoreLimit = maxMultiplier;
    this.#metrics = metrics;
  }

  /** 0 is healthy. */
  get score(): number {
    return this.#score;
  }

  /** Adds `delta`, which is negative for good news, within the bounds. */
  apply(delta: number): void {
    const score = Math.min(this.#scoreLimit - 1, Math.max(0, this.#score + delta));
    if (score === this.#score) return;
    this.#score = score;
    this.#metrics.gauge('memberlist.health.score', score);
  }

  /** The timeout, longer the worse we are. */
  scale(timeoutMs: number): number {
    return timeoutMs * (this.#score + 1);
  }
}
