/**
 * The `serf` program. Importing this file runs it: bin/serf does so with the bundle made of it.
 * Next: cli/program.ts.
 */
import { encodeText } from '@reeve/bytes';
import { runProgram, type Writer } from '@reeve/cli';
import { serfProgram } from './cli/program.ts';

/** Text may hold bytes that are no UTF-8 (see encodeText); they leave as they came. */
function createWriter(stream: NodeJS.WriteStream): Writer {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(BROKEN_PIPE); // nobody reads on, as in `serf monitor | head`
  });
  return { write: (text) => stream.write(encodeText(text)) };
}

/** What a shell reports of a program that a broken pipe has ended. */
const BROKEN_PIPE = 141;

process.exitCode = await runProgram(serfProgram, process.argv.slice(2), {
  stdout: createWriter(process.stdout),
  stderr: createWriter(process.stderr),
  env: process.env,
  signals: process,
});
