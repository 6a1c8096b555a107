// A program as the process it runs in.

import { type Program, runProgram } from './program.ts';
import { createWriter, readCommandLine } from './standard-streams.ts';

/** Runs the command that the process was called with; its exit code becomes the process's. */
export async function runProcess(program: Program): Promise<void> {
  process.once('beforeExit', () => process.exit()); // else Node frees all it has first: a millisecond
  // A Go program lives on; Node opens a debugger, for everybody on the machine, or dies.
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const) process.on(signal, () => {});
  const stderr = createWriter(2, () => process.stderr);
  // A Go program shows what it is at, and ends with 2. Stacks that nobody waits in are not there to be shown.
  process.on('SIGQUIT', () => {
    stderr.write('SIGQUIT: quit\n');
    process.exit(2);
  });
  process.exitCode = await runProgram(program, readCommandLine(), {
    stdout: createWriter(1, () => process.stdout),
    stderr,
    env: process.env,
    signals: process,
  });
}
