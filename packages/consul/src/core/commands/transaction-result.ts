// The result of a step: one of four kinds, or nothing.

import type { TransactionResult } from '../records/index.ts';
import { StateError } from '../state/state-error.ts';

/** A result that has only this. */
export function resultOf(part: Partial<TransactionResult>): readonly [TransactionResult] {
  return [{ keyValue: null, node: null, service: null, check: null, ...part }];
}

/**
 * What `cas` does to nodes and checks. Upstream loses the reason when it is refused for another one than its
 * index, and goes on as if it had been done; servers must agree, so we lose it, too (txnNode, txnCheck in
 * txn.go).
 */
export function unlessRefused(change: () => boolean): boolean {
  try {
    return change();
  } catch (error) {
    if (error instanceof StateError) return true;
    throw error;
  }
}
