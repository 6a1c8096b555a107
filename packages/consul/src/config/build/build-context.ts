// What every part of the build works with: what is known of the machine, and where mistakes are noted.

import { parseDuration, quote } from '@reeve/cli';
import type { HostAddress } from '@reeve/runtime/node';
import { Problems } from '../config-error.ts';

/** The machine, as far as a configuration depends on it. */
export interface Host {
  readonly name: string;
  readonly addresses: readonly HostAddress[];
  /** How many files a process may have open; undefined if it is not known. */
  readonly openFilesMax: number | undefined;
}

/** Handed from part to part. */
export class BuildContext {
  readonly host: Host;
  /** Shown together at the end; upstream forgets all but the last of some of them. */
  readonly problems = new Problems();
  readonly warnings: string[] = [];

  constructor(host: Host) {
    this.host = host;
  }

  /** A setting's duration in milliseconds; `name` is what a complaint calls it. */
  durationMs(name: string, written: string | undefined, missingMs = 0): number {
    if (written === undefined) return missingMs;
    try {
      return parseDuration(written);
    } catch (error) {
      this.problems.add(`${name}: invalid duration: ${quote(written)}: ${(error as Error).message}`);
      return 0;
    }
  }

  /** A port that is off is -1. */
  port(name: string, written: number | undefined): number {
    if (written === undefined || written <= 0) return -1;
    if (written > 65_535) this.problems.add(`${name}: invalid port: ${written}`);
    return written;
  }
}
