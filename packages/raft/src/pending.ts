// Who waits for what: proposals for the result of their entry, verifications for a majority.

import type { Result } from '@reeve/runtime';
import { RaftError, type RaftErrorCode } from './core/index.ts';

/** What became of a proposal: the index of its entry, and what the state machine said. */
export interface Applied {
  readonly index: number;
  /** Undefined for barriers and configurations. */
  readonly value: unknown;
}

/** Ends a call. */
export type Done<T> = (result: Result<T, RaftError>) => void;

/** The proposals in our log that are not applied yet, by index. Bounded by `pendingMax`. */
export class PendingProposals {
  readonly #waiting = new Map<number, Done<Applied>>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether no more are taken for now. */
  get isFull(): boolean {
    return this.#waiting.size >= pendingMax;
  }

  add(index: number, done: Done<Applied>): void {
    this.#waiting.set(index, done);
  }

  /** An entry has been applied. */
  resolve(index: number, value: unknown): void {
    const done = this.#waiting.get(index);
    if (done === undefined) return;
    this.#waiting.delete(index);
    done({ ok: true, value: { index, value } });
  }

  /** Entries behind `index` may never be applied, or not as ours. */
  failAfter(index: number, code: RaftErrorCode, message?: string): void {
    for (const [at, done] of this.#waiting) {
      if (at <= index) continue;
      this.#waiting.delete(at);
      done(failure(code, message));
    }
  }
}

/** An error as the end of a call. */
export function failure(
  code: RaftErrorCode,
  message?: string,
): { readonly ok: false; readonly error: RaftError } {
  return { ok: false, error: new RaftError(code, message) };
}

/** Far more than commit in one round trip. */
const pendingMax = 8_192;
