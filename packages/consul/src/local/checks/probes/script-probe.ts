// A program's exit code: 0 is passing, 1 is a warning, anything else is critical, as Nagios has it. The
// program has a process group of its own, which is killed as a whole if it takes too long.
// Upstream: agent/checks/check.go (CheckMonitor), Go's os/exec.

import { type ChildProcess, spawn } from 'node:child_process';
import { formatDuration } from '@reeve/cli';
import type { CheckType } from '../../../definitions/check-type.ts';
import { programProblem } from '../../../program/program-problem.ts';
import { OutputTail } from '../output-tail.ts';
import { type CheckResult, type Probe, timeoutMsOf } from '../probe.ts';

/** The probe of a script check. It runs until it has ended and nobody of its group holds its output. */
export function scriptProbe(type: CheckType, outputBytesMax: number): Probe {
  const timeoutMs = timeoutMsOf(type, usualTimeoutMs);
  return (done) => {
    const [program = '', ...args] = type.scriptArgs ?? [];
    const problem = programProblem(program);
    if (problem !== undefined) {
      const soon = setImmediate(done, notInvoked(problem));
      return () => clearImmediate(soon);
    }
    const output = new OutputTail(outputBytesMax);
    const child = start(program, args);
    const end = (result: CheckResult) => {
      clearTimeout(timer);
      child.removeAllListeners('close');
      done(result);
    };
    const timer = setTimeout(() => {
      killGroup(child);
      const timeout = formatDuration(timeoutMs);
      const trouble = { level: 'warn', text: 'Timed out running check', fields: { timeout } } as const;
      end({ status: 'critical', output: timedOut(timeout, output.captured()), isOutright: true, trouble });
    }, timeoutMs);
    child.stdout?.on('data', (chunk: Uint8Array) => output.write(chunk));
    child.once('error', (error) => end(notInvoked(error.message)));
    child.once('close', (code) => end({ status: statusOf(code), output: output.captured() }));
    return () => {
      clearTimeout(timer);
      child.removeAllListeners('close');
      killGroup(child);
    };
  };
}

function statusOf(code: number | null): CheckResult['status'] {
  if (code === 0) return 'passing';
  return code === 1 ? 'warning' : 'critical';
}

function notInvoked(error: string): CheckResult {
  const trouble = { level: 'err', text: 'Check failed to invoke', fields: { error } } as const;
  return { status: 'critical', output: error, isOutright: true, trouble };
}

function timedOut(timeout: string, output: string): string {
  const text = `Timed out (${timeout}) running check`;
  return output === '' ? text : `${text}\n\n${output}`;
}

// Output and errors through one pipe, or their order would be lost on the way: a shell that ties them
// together and becomes the program.
function start(program: string, args: readonly string[]): ChildProcess {
  const words = ['-c', 'exec "$@" 2>&1', 'sh', program, ...args];
  return spawn('/bin/sh', words, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Who left the group may hold the output for ever; after the kill nobody is waited for. */
function killGroup(child: ChildProcess): void {
  child.stdout?.destroy();
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nobody of the group is left
  }
}

const usualTimeoutMs = 30_000;
