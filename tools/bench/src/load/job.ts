// What a load generator is told to do, and what it tells afterwards. Next: http-load.ts and dns-load.ts,
// which do it, and run-load.ts, which lets them do it in a thread of their own.

/** A load on one server. */
export interface LoadJob {
  readonly protocol: 'http' | 'dns';
  readonly host: string;
  readonly port: number;
  /** Whole requests as they are on the wire, taken in turn. A DNS query's id is overwritten. */
  readonly requests: readonly Uint8Array[];
  /** HTTP: connections, each with one request under way at any time. DNS: queries under way. */
  readonly underWay: number;
  /** So long the load runs before anything counts. */
  readonly warmUpMs: number;
  /** So long it runs afterwards; or until each request was answered once. */
  readonly watchMs: number | 'each-once';
  /** Processes whose processor time counts. */
  readonly pids: readonly number[];
}

/** What became of it. */
export interface LoadYield {
  /** In the time that counts. */
  readonly answers: number;
  readonly answersPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the processes for 1,000 answers. */
  readonly cpuMsPer1000: number;
  /** From the start on; any makes the other numbers worthless. */
  readonly errors: number;
  readonly firstError: string;
}
