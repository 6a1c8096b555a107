// What the example starts, it ends: each program by its name.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const programs = new Map();

/** Starts a program. */
export function start(name, path, args, env = {}) {
  // In a group of its own: Ctrl-C is for the example alone.
  const child = spawn(path, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
    detached: true,
  });
  programs.set(name, child);
}

/** Stops a program, if it runs: as its user would, or with SIGKILL. */
export async function stop(name, signal = 'SIGTERM') {
  const child = programs.get(name);
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill(signal);
  await ended;
}

/** Kills all that are left. */
export async function stopAll() {
  await Promise.all([...programs.keys()].map((name) => stop(name, 'SIGKILL')));
}
