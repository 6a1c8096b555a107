// Readiness for systemd: who starts an agent in a unit of `Type=notify` waits until it says READY=1.
//
// Node has no datagram sockets in the file system, so `systemd-notify`, which comes with systemd, says it for
// us (docs/decisions/0010-syslog.md). Upstream: agent/systemd/notify.go.

import type { Env } from '@reeve/cli';
import type { LogLevel } from '@reeve/runtime';
import { logFields } from '../log/log-fields.ts';
import { startProgram } from '../program/start-program.ts';

/** Says once to whoever started us that we are ready, if he wants to know. */
export class Readiness {
  readonly #log: (level: LogLevel, line: string) => void;
  readonly #env: Env;
  #isSaid = false;

  constructor(env: Env, log: (level: LogLevel, line: string) => void) {
    this.#env = env;
    this.#log = log;
  }

  /** Again it does nothing. What goes wrong is told in the log. */
  async say(): Promise<void> {
    if (this.#isSaid || !this.#env.NOTIFY_SOCKET) return;
    this.#isSaid = true;
    try {
      await notify(this.#env);
    } catch (error) {
      this.#log('warn', `agent: systemd notify failed${logFields({ error: (error as Error).message })}`);
    }
  }
}

async function notify(env: Env): Promise<void> {
  let printed = '';
  const output = (chunk: Uint8Array): void => {
    printed = `${printed}${Buffer.from(chunk)}`.slice(0, printedCharsMax);
  };
  const words = ['systemd-notify', '--ready'];
  const { ended } = await startProgram({ words, hasShell: false, env, input: 'none', output });
  const { failure } = await ended;
  if (failure !== undefined) throw new Error(printed === '' ? failure : `${failure}: ${printed.trim()}`);
}

const printedCharsMax = 1_000;
