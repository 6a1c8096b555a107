// Numbers that a core tells about itself.

/** Where a core counts. Names are the original's without its prefix, as in `memberlist.msg.alive`. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, value: number): void;
  /** One observation, milliseconds for durations. */
  sample(name: string, value: number): void;
  /** The current value of something that goes up and down. */
  gauge(name: string, value: number): void;
}

/** Counts nothing. */
export const noMetrics: Metrics = { count() {}, sample() {}, gauge() {} };
