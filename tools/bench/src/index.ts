// What tests look at; the program is main.ts.

export { alternate, type Samples } from './alternate.ts';
export type { Effort, Figure, Goal, Measure } from './measure.ts';
export { formatTable } from './report.ts';
export { type PeerResult, type Result, resultsOf } from './results.ts';
export { quantile, type Spread, spreadOf } from './statistics.ts';
