// Runs a load in a thread of its own, so that whatever the bench does meanwhile does not meet its latencies.
// Next: http-load.ts.

import { Worker } from 'node:worker_threads';
import type { LoadJob, LoadYield } from './job.ts';

/** What the load yields. */
export function runLoad(job: LoadJob): Promise<LoadYield> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the load ended early, with ${code}`)));
  });
}
