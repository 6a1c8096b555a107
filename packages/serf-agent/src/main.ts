// The `serf` program. Importing this file runs it: bin/serf.cjs does so with the bundle made of it.
// Next: cli/program.ts.

import { type CommandIo, runProgram } from '@reeve/cli';
import { serfProgram } from './cli/program.ts';
import { createWriter, readCommandLine } from './cli/standard-streams.ts';

const io: CommandIo = {
  stdout: createWriter(1, () => process.stdout),
  stderr: createWriter(2, () => process.stderr),
  env: process.env,
  signals: process,
};
// Not awaited: the bundle is CommonJS, where a module cannot wait.
void runProgram(serfProgram, readCommandLine(), io).then((exit) => {
  process.exitCode = exit;
});
