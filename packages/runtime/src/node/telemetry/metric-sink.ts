// What the places that numbers go to have in common. Next: aggregate.ts.

/** What a number is: something counted, one observation, or a value that goes up and down. */
export type MetricKind = 'counter' | 'sample' | 'gauge';

/** A place that numbers go to. */
export interface MetricSink {
  /** `name` is whole and clean, `value` finite. */
  write(kind: MetricKind, name: string, value: number): void;
}
