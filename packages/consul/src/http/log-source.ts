// What the route of `consul monitor` needs of an agent's log.

import type { LogLevel } from '@reeve/runtime';
import type { CallSignal } from '../waiting/call-signal.ts';

/** A log that can be followed. */
export interface LogSource {
  /** Whether lines of this level are shown or followed. */
  isHeard(level: LogLevel): boolean;
  /** Each line from now on that is at least of this level, until the signal. */
  follow(level: LogLevel, format: 'text' | 'json', signal: CallSignal): AsyncIterable<Uint8Array>;
}
