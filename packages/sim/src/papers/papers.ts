// The experiments of the two papers behind the protocol, SWIM (DSN 2002) and Lifeguard (DSN 2018), run with
// our memberlist. Bare memberlists, without serf above: that is what the papers measured. `npm run papers`
// shows the tables; docs/protocol/ has them. Start reading at group.ts.

export { type ArmName, arms } from './arms.ts';
export { type Extent, type ExtentName, extents } from './grid.ts';
export { type IntervalResult, type IntervalRun, runInterval } from './interval.ts';
export {
  cellTable,
  intervalTable,
  median,
  type Outcome,
  swimTable,
  thresholdTable,
  totalOf,
} from './report.ts';
export { runSwim, type SwimResult, type SwimRun } from './swim.ts';
export { runThreshold, type ThresholdResult, type ThresholdRun } from './threshold.ts';
