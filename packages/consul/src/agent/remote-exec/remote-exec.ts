// The agent's half of `consul exec`: an event says where the job lies; the agent says that it has begun
// (`NODE/ack`), what the job says (`NODE/out/00000` …) and how it ended (`NODE/exit`). All keys are locked
// by the job's session, so that nobody writes to a job that is over. Upstream: agent/remote_exec.go.
// Next: cli/exec-results.ts, who reads all that.

import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { encodeText } from '@reeve/bytes';
import { parseWholeJson } from '@reeve/cli';
import type { Runtime } from '@reeve/runtime';
import { keyValueCodec, type UserEvent } from '../../core/index.ts';
import { readJson } from '../../json/decode.ts';
import { logFields } from '../../log/log-fields.ts';
import { startProgram } from '../../program/start-program.ts';
import { type Caller, kvs, noQueryOptions } from '../../rpc/methods/index.ts';
import { JobOutput } from './job-output.ts';
import { type JobPlace, type JobSpec, jobPlace, jobSpec } from './job-spec.ts';

/** Who does it. */
export interface RemoteExecutor {
  readonly runtime: Pick<Runtime, 'timers' | 'log'>;
  readonly caller: Caller;
  readonly datacenter: string;
  readonly nodeName: string;
  /** The agent's own token. */
  readonly token: string;
}

/** Does the job of an event; what goes wrong is in the log. Never rejects. */
export async function doRemoteJob({ id, payload }: UserEvent, executor: RemoteExecutor): Promise<void> {
  const { log } = executor.runtime;
  log('debug', `agent: received remote exec event${logFields({ id })}`);
  try {
    const place = await orTell('decode remote exec event', () => readJson(parseWholeJson(payload), jobPlace));
    const spec = await findJob(place, executor);
    if (spec === undefined) return log('debug', 'agent: remote exec aborted, job spec missing');
    await orTell('ack remote exec job', () => writeKey(executor, place, 'ack', ''));
    const exitCode = await carryOut(spec, place, executor);
    const write = () => writeKey(executor, place, 'exit', `${exitCode}`);
    await orTell('write exit code for remote exec job', write);
  } catch (error) {
    log('err', `agent: ${(error as Error).message}`);
  }
}

/** Any server may know it; if that one does not, the leader is asked. */
async function findJob(place: JobPlace, executor: RemoteExecutor): Promise<JobSpec | undefined> {
  const { caller, datacenter, token, runtime } = executor;
  const query = { ...noQueryOptions, datacenter, token, key: posix.join(place.prefix, place.session, 'job') };
  const find = (allowStale: boolean) =>
    orTell('get remote exec job', () => caller.call(kvs.get, { ...query, allowStale }));
  let { entries } = await find(true);
  if (entries === null) {
    runtime.log('debug', 'agent: trying consistent fetch of remote exec job spec');
    ({ entries } = await find(false));
  }
  const value = entries?.[0]?.value;
  return value && orTell('decode remote exec spec', () => readJson(parseWholeJson(value), jobSpec));
}

/** The exit code; 255 if the job could not be done, or what it says not be told. */
async function carryOut(spec: JobSpec, place: JobPlace, executor: RemoteExecutor): Promise<number> {
  const { timers, log } = executor.runtime;
  const output = new JobOutput(timers, spec.waitNs / nsPerMs, (number, piece) =>
    writeKey(executor, place, `out/${number.toString(16).padStart(5, '0')}`, piece),
  );
  const exitCode = await runJob(spec, output, executor).catch((error: Error) => {
    log('debug', `agent: failed to start remote exec${logFields({ error: error.message })}`);
    return unwellExit;
  });
  try {
    await orTell('write output for remote exec job', () => output.end());
    return exitCode;
  } catch (error) {
    log('err', `agent: ${(error as Error).message}`);
    return unwellExit;
  }
}

async function runJob(spec: JobSpec, output: JobOutput, { runtime }: RemoteExecutor): Promise<number> {
  const file = spec.script.length === 0 ? undefined : await scriptFile(spec.script);
  try {
    const line = file ?? spec.command;
    runtime.log('info', `agent: remote exec script${logFields({ script: line })}`);
    const words = spec.args ?? [];
    const program = await startProgram({
      words: words.length === 0 ? [line] : words,
      hasShell: words.length === 0,
      env: process.env,
      input: 'none',
      output: (chunk) => output.write(chunk),
    });
    return (await program.ended).exitCode;
  } finally {
    if (file !== undefined) await rm(file, { force: true });
  }
}

async function scriptFile(script: Uint8Array): Promise<string> {
  const file = join(tmpdir(), `rexec${randomUUID()}`);
  await writeFile(file, script, { mode: 0o750, flag: 'wx' });
  return file;
}

async function writeKey(
  { caller, datacenter, nodeName, token }: RemoteExecutor,
  { prefix, session }: JobPlace,
  name: string,
  value: string | Uint8Array,
): Promise<void> {
  const entry = {
    ...keyValueCodec.zero(),
    key: posix.join(prefix, session, nodeName, name),
    value: typeof value === 'string' ? encodeText(value) : value,
    session,
  };
  const isWritten = await caller.call(kvs.apply, { datacenter, token, operation: 'lock', entry });
  if (!isWritten) throw new Error('write failed');
}

/** What it resolves to, or an error that says what has failed. */
async function orTell<T>(what: string, attempt: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw new Error(`failed to ${what}${logFields({ error: (error as Error).message })}`, { cause: error });
  }
}

const unwellExit = 255;
const nsPerMs = 1e6;
