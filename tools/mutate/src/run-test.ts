// Runs one compiled test file and says whether it passed, which of its tests did not, or that it never ended.

import { type ExecFileException, execFile } from 'node:child_process';
import { isLong } from './judges.ts';

/** How a test file ended. */
export type TestOutcome =
  | { readonly kind: 'passed' }
  /** `title`: the first test that failed, or how the process ended. */
  | { readonly kind: 'failed'; readonly title: string }
  | { readonly kind: 'hung' };

/** How a test file is run. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Runs a test file of the repository in `folder`. Rejects when `signal` aborts. */
export function runTest(
  folder: string,
  test: string,
  { signal, timeoutMs = isLong(test) ? longTestMs : testMs }: RunOptions = {},
): Promise<TestOutcome> {
  const bounds = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: reportBytesMax } as const;
  const { NODE_TEST_CONTEXT, ...env } = process.env; // set within a test, and then reports are in V8's format
  const options = { cwd: folder, env, signal, ...bounds };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--test-reporter=tap', test], options, (error, report) => {
      if (signal?.aborted) reject(signal.reason);
      else if (!error) resolve({ kind: 'passed' });
      else resolve(judge(report, error));
    });
  });
}

/** As `runTest`, but a test that fails is asked again: on a busy machine one may fail once. */
export async function runTestSurely(
  folder: string,
  test: string,
  options?: RunOptions,
): Promise<TestOutcome> {
  const outcome = await runTest(folder, test, options);
  return outcome.kind === 'failed' ? runTest(folder, test, options) : outcome;
}

/** A test that fails may leave something behind that keeps its process from ending; it has failed. */
function judge(report: string, { signal, code }: ExecFileException): TestOutcome {
  const title = firstFailure(report);
  if (title === undefined && signal === 'SIGKILL') return { kind: 'hung' };
  return { kind: 'failed', title: title ?? `ended with ${code}` };
}

/** The title of the first failure in a TAP report, which escapes `#`. */
function firstFailure(report: string): string | undefined {
  return /^ *not ok \d+ - (.*)$/m.exec(report)?.[1]?.replaceAll('\\#', '#');
}

/** Many times what the slowest take on two busy cores. */
const testMs = 180_000;
const longTestMs = 900_000;
const reportBytesMax = 64 * 1024 * 1024;
