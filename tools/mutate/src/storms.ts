// Asks simulated storms of Consul's servers, and no test, about a fault: what do they notice, and how soon?
// Next: storm-run.ts, which runs in the copy.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Which storms. */
export interface Storms {
  /** `1..16`; one after the other, until one complains. */
  readonly seeds: string;
  /** How many servers each has. */
  readonly servers: string;
}

/** The first complaint in the repository in `folder`; undefined if there is none. Rejects when aborted. */
export function askStorms(
  folder: string,
  { seeds, servers }: Storms,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, seeds, servers], { cwd: folder, signal }, (error, complaint) => {
      if (signal?.aborted === true) reject(signal.reason);
      else resolve(error === null ? undefined : complaint.trim() || error.message);
    });
  });
}

const program = fileURLToPath(new URL('storm-run.js', import.meta.url));
