// A watch that runs a program: the result is on its input, the index in CONSUL_INDEX, and what it says goes
// into the log. The next change waits for its end. Upstream: agent/watch_handler.go (makeWatchHandler).

import type { Log } from '@reeve/runtime';
import { OutputTail } from '../../local/checks/output-tail.ts';
import { logFields } from '../../log/log-fields.ts';
import { startProgram } from '../../program/start-program.ts';
import type { WatchHandler } from './parse-watches.ts';

/** What is around it. */
export interface ScriptSurroundings {
  readonly log: Log;
  /** Aborted when the watch is to end: the agent may end before the program, which goes on. */
  readonly stop: AbortSignal;
}

/** Runs it to its end; what goes wrong is in the log. */
export async function runScriptHandler(
  handler: Exclude<WatchHandler, { kind: 'http' }>,
  json: string,
  index: bigint,
  { log, stop }: ScriptSurroundings,
): Promise<void> {
  const shown = handler.kind === 'shell' ? handler.line : handler.words;
  const output = new OutputTail(outputBytesMax);
  const failure = await run(handler, json, index, output, stop).catch((error: Error) => error.message);
  if (failure !== undefined) {
    log('err', `agent: Failed to run watch handler${logFields({ watch_handler: shown, error: failure })}`);
  }
  const fields = logFields({ watch_handler: shown, output: output.captured() });
  log('debug', `agent: watch handler output${fields}`);
}

async function run(
  handler: Exclude<WatchHandler, { kind: 'http' }>,
  json: string,
  index: bigint,
  output: OutputTail,
  stop: AbortSignal,
): Promise<string | undefined> {
  const words = handler.kind === 'shell' ? [handler.line] : handler.words;
  const program = await startProgram({
    words,
    hasShell: handler.kind === 'shell' || words.length === 0, // no words are an empty line, as upstream
    env: { ...process.env, CONSUL_INDEX: `${index}` },
    input: { text: `${json}\n` },
    output: (chunk) => output.write(chunk),
  });
  if (stop.aborted) program.release();
  else stop.addEventListener('abort', program.release, { once: true });
  const { failure } = await program.ended;
  stop.removeEventListener('abort', program.release);
  return failure;
}

const outputBytesMax = 4096;
