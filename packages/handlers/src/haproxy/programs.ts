// What HAProxy is asked to do: judge a configuration, and take it over.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** How HAProxy is told to reload; one of the two. */
export interface ReloadOptions {
  /** The file with the process number of the master (`haproxy -W -p FILE`), which gets SIGUSR2. */
  readonly pidFile: string | undefined;
  /** A program and its arguments. */
  readonly reload: readonly string[] | undefined;
}

/** Lets HAProxy read its configuration with `temporary` in the place of `file`. Rejects if it refuses. */
export async function checkConfiguration(
  { program, config, file }: { program: string; config: readonly string[]; file: string },
  temporary: string,
  signal: AbortSignal,
): Promise<void> {
  const files = config.map((path) => (path === file ? temporary : path));
  const args = ['-c', ...files.flatMap((path) => ['-f', path])];
  await run([program, ...args], signal);
}

/** Tells HAProxy to reload. Rejects if that fails. */
export async function reload(
  { pidFile, reload: command }: ReloadOptions,
  signal: AbortSignal,
): Promise<void> {
  if (command !== undefined) return run(command, signal);
  if (pidFile === undefined) return;
  const pid = Number((await readFile(pidFile, 'utf8')).trim());
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`${pidFile} holds no process number`);
  process.kill(pid, 'SIGUSR2');
}

function run([program = '', ...args]: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((fulfil, reject) => {
    execFile(program, args, { signal, maxBuffer: outputBytesMax }, (error, stdout, stderr) => {
      if (error === null) return fulfil();
      const said = stderr.trim() || stdout.trim() || error.message;
      reject(new Error(`${[program, ...args].join(' ')}: ${alertsIn(said)}`));
    });
  });
}

// HAProxy has much to say besides what is wrong.
function alertsIn(said: string): string {
  const alerts = said.split('\n').filter((line) => line.includes('[ALERT]'));
  return alerts.length > 0 ? alerts.join('\n') : said;
}

const outputBytesMax = 64 * 1024;
