// Throws damaged input at decoders, the same each time. For tests only.
// A failure prints the input and the line that replays it; keep it as a test with its bytes before the fix.

export { type FuzzCounts, FuzzError, type FuzzTarget, fuzzTarget } from './fuzz-target.ts';
export { mutations } from './mutate.ts';
