// Who waits for which answer. Every ping has its own sequence number; the answer carries it back.
// Upstream: memberlist state.go (setProbeChannels, setAckHandler). Bounded: one of our own probes at a time,
// and limits.indirectProbesMax for others. Next: probe.ts and answer-ping.ts.

import type { Timer, Timers } from '@reeve/runtime';

/** What one waits for. */
export interface AckHandler {
  /** The answer; ends the waiting. */
  onAck(payload: Uint8Array | null): void;
  /** A helper had no answer yet. May come several times. */
  onNack?(): void;
  /** No answer within the time; ends the waiting. */
  onTimeout?(): void;
}

/** All who wait. */
export class AckHandlers {
  readonly #timers: Timers;
  readonly #waiting = new Map<number, AckHandler & { readonly answerIsLate: Timer }>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** How many answers are awaited. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for the answer to `sequence`, at most `timeoutMs`. */
  expect(sequence: number, timeoutMs: number, handler: AckHandler): void {
    const answerIsLate = this.#timers.after(timeoutMs, () => {
      this.#waiting.delete(sequence);
      handler.onTimeout?.();
    });
    this.#waiting.set(sequence, {
      answerIsLate,
      onAck: (payload) => handler.onAck(payload),
      onNack: () => handler.onNack?.(),
    });
  }

  /** An ack arrived. Late and invented ones find nobody. */
  onAck(sequence: number, payload: Uint8Array | null): void {
    const waiting = this.#waiting.get(sequence);
    if (!waiting) return;
    this.#waiting.delete(sequence);
    waiting.answerIsLate.cancel();
    waiting.onAck(payload);
  }

  /** A nack arrived. */
  onNack(sequence: number): void {
    this.#waiting.get(sequence)?.onNack?.();
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const { answerIsLate } of this.#waiting.values()) answerIsLate.cancel();
    this.#waiting.clear();
  }
}
