// Runs `consul` in this process, or as one of its own where it reads its input or starts others.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Env, runProgram, type SignalSource } from '@reeve/cli';
import { consulProgram } from '../../dist/cli/program.js';

/** What a command said and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}

/** Runs `consul ARGV` here. */
export async function runConsul(
  argv: readonly string[],
  env: Env = {},
  signals = new EventEmitter(),
): Promise<CommandResult> {
  const said = { stdout: '', stderr: '' };
  const writer = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const io = { stdout: writer('stdout'), stderr: writer('stderr'), env, signals: signals as SignalSource };
  return { exit: await runProgram(consulProgram, argv, io), ...said };
}

/** Runs `consul ARGV` as a process with this input. `onStarted` may send it signals. */
export async function spawnConsul(
  argv: readonly string[],
  env: Env = {},
  { input = '', onStarted = () => {} }: SpawnOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [main, ...argv], { env: { PATH: process.env.PATH, ...env } });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => {
    said.stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    said.stderr += piece;
  });
  child.stdin.end(input);
  onStarted((signal) => void child.kill(signal));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, ...said };
}

interface SpawnOptions {
  readonly input?: string;
  readonly onStarted?: (kill: (signal: NodeJS.Signals) => void) => void;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
