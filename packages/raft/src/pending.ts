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

/** The proposals in our log that are not applied yet, by index. Bounded by number and bytes. */
export class PendingProposals {
  readonly #waiting = new Map<number, { readonly done: Done<Applied>; readonly bytes: number }>();
  #bytes = 0;

  /** Whether no more are taken for now. */
  get isFull(): boolean {
    return this.#waiting.size >= pendingMax || this.#bytes >= pendingBytesMax;
  }

  /** An entry with so many bytes of data is in the log. */
  add(index: number, bytes: number, done: Done<Applied>): void {
    this.#waiting.set(index, { done, bytes });
    this.#bytes += bytes;
  }

  /** An entry has been applied. */
  resolve(index: number, value: unknown): void {
    this.#take(index)?.({ ok: true, value: { index, value } });
  }

  /** Entries behind `index` may never be applied, or not as ours. */
  failAfter(index: number, code: RaftErrorCode, message?: string): void {
    for (const at of this.#waiting.keys()) if (at > index) this.#take(at)?.(failure(code, message));
  }

  #take(index: number): Done<Applied> | undefined {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(index);
    this.#bytes -= waiting.bytes;
    return waiting.done;
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
/** What a cluster without a quorum may make a leader keep in memory until its lease ends. */
const pendingBytesMax = 64 << 20;
