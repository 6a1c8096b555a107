// The thread in which a load runs. Started by run-load.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { runDnsLoad } from './dns-load.ts';
import { runHttpLoad } from './http-load.ts';
import type { LoadJob } from './job.ts';

const job = workerData as LoadJob;
parentPort?.postMessage(await (job.protocol === 'dns' ? runDnsLoad(job) : runHttpLoad(job)));
