// The result of a step: one of four kinds.

import type { TransactionResult } from '../records/index.ts';

/** A result that has only this. */
export function resultOf(part: Partial<TransactionResult>): readonly [TransactionResult] {
  return [{ keyValue: null, node: null, service: null, check: null, ...part }];
}
