// A program: runs the storms of Consul's servers that are compiled in the working directory, seed by seed,
// until one complains. Says which and what, and ends with 1.

import { resolve } from 'node:path';

const [seeds = '', servers] = process.argv.slice(2);
const [first = 1, last = 1] = seeds.split('..').map(Number);
const { runStorm } = (await import(resolve('packages/consul/dist-test/simulation/run.js'))) as StormModule;
const complaintMax = 200;
process.exitCode = await firstComplaint();

async function firstComplaint(): Promise<number> {
  for (let seed = first; seed <= last; seed++) {
    const { violation } = await runStorm(seed, { servers: Number(servers) });
    if (violation === undefined) continue;
    const complaint = violation.split('\n').find((line) => line.trim() !== '') ?? '';
    process.stdout.write(`seed ${seed}: ${complaint.slice(0, complaintMax)}\n`);
    return 1;
  }
  return 0;
}

interface StormModule {
  runStorm(
    seed: number,
    options: { readonly servers: number },
  ): Promise<{ readonly violation: string | undefined }>;
}
