// The `serf` program. Importing this file runs it: bin/serf.cjs does so with the bundle made of it.
// Next: cli/program.ts.

import { type CommandIo, createWriter, readCommandLine, runProgram } from '@reeve/cli';
import { serfProgram } from './cli/program.ts';

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
