// What an agent costs, as Linux counts it: /proc/PID/stat and /proc/PID/smaps_rollup.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that runs. */
export interface Running {
  readonly pid: number | undefined;
}

/** Memory of a process. */
export interface Memory {
  /** RSS: all pages it has in memory. */
  readonly residentBytes: number;
  /** PSS: the same, but a page that n processes share counts 1/n, so that it can be summed up. */
  readonly proportionalBytes: number;
}

/** Processor time used so far: utime and stime of all threads. */
export function cpuMsOf(agent: Running): number {
  const stat = readFileSync(`/proc/${agent.pid}/stat`, 'latin1');
  // The second field, in parentheses, may hold spaces; what follows begins with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** Memory as it is now. */
export function memoryOf(agent: Running): Memory {
  const rollup = readFileSync(`/proc/${agent.pid}/smaps_rollup`, 'latin1');
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) * 1_024;
  return { residentBytes: bytesOf('Rss'), proportionalBytes: bytesOf('Pss') };
}

/** For figures in MiB. */
export const bytesPerMiB = 1_024 * 1_024;

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
