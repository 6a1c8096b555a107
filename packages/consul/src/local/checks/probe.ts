// One try at finding out how something is. What touches processes and sockets is behind this, so that the
// rest is tested on virtual time. Next: periodic-check.ts, which repeats it; probes/, which do it.

import type { CheckType } from '../../definitions/check-type.ts';

/** What a try has found. */
export interface CheckResult {
  readonly status: 'passing' | 'warning' | 'critical';
  readonly output: string;
  /** It never got so far as to have a status of its own: thresholds do not hold it back. */
  readonly isOutright?: boolean;
  /** What the log is told beside the status. */
  readonly trouble?: CheckTrouble;
}

/** `agent: Timed out running check: check=disk timeout=30s`, but for the check. */
export interface CheckTrouble {
  readonly level: 'warn' | 'err';
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Tries once, and calls `done` once and later, unless it is given up. */
export type Probe = (done: (result: CheckResult) => void) => GiveUp;

/** Ends a try without a result. */
export type GiveUp = () => void;

/** Makes the probes of checks that are repeated. Outputs keep their last `outputBytesMax` bytes. */
export interface Probes {
  script(type: CheckType, outputBytesMax: number): Probe;
  http(type: CheckType, outputBytesMax: number): Probe;
  tcp(type: CheckType): Probe;
  grpc(type: CheckType): Probe;
}

/** How long a try may take, by its kind. */
export function timeoutMsOf({ timeoutNs }: CheckType, usualMs: number): number {
  return timeoutNs > 0 ? timeoutNs / nsPerMs : usualMs;
}

const nsPerMs = 1e6;
