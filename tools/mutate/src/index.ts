// @reeve/mutate – do the tests notice when the protocol is wrong? Every fault of a list is put into a copy of
// the repository, one at a time, until a test fails. `npm run mutate`; results: docs/mutations.md.

export { applyFault, type Fault, StaleFault } from './fault.ts';
export { faults } from './faults.ts';
export { judgesOf } from './judges.ts';
export { describeResult, summarize, tabulate } from './report.ts';
export { runTest, runTestSurely, type TestOutcome } from './run-test.ts';
export type { Storms } from './storms.ts';
export { type Result, tryFaults, type Verdict } from './trial.ts';
