// The `consul` program. Importing this file runs it: bin/consul.cjs does so with the bundle made of it.
// Next: cli/program.ts.

import { type CommandIo, createWriter, readCommandLine, runProgram } from '@reeve/cli';
import { consulProgram } from './cli/program.ts';

const io: CommandIo = {
  stdout: createWriter(1, () => process.stdout),
  stderr: createWriter(2, () => process.stderr),
  env: process.env,
  signals: process,
};
// Not awaited: the bundle is CommonJS, where a module cannot wait.
void runProgram(consulProgram, readCommandLine(), io).then((exit) => {
  process.exitCode = exit;
});
