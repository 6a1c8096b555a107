// What decoders of texts refuse with: an error whose words are for the operator.

import { AssertionError } from 'node:assert/strict';

/** Whether an error is a refusal, and no slip of ours. */
export function isSentence(error: unknown): boolean {
  return error instanceof Error && error.message !== '' && !slips.some((slip) => error instanceof slip);
}

const slips = [AssertionError, TypeError, RangeError, ReferenceError, SyntaxError, EvalError];
