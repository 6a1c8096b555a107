// The `serf` program. Importing this file runs it: bin/serf does so with the bundle made of it.
// Next: cli/program.ts.

import { runProgram } from '@reeve/cli';
import { serfProgram } from './cli/program.ts';
import { createWriter, readCommandLine } from './cli/standard-streams.ts';

process.exitCode = await runProgram(serfProgram, readCommandLine(), {
  stdout: createWriter(process.stdout),
  stderr: createWriter(process.stderr),
  env: process.env,
  signals: process,
});
