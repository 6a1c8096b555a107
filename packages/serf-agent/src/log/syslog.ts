// The log in the machine's syslog, too: the lines that are shown, without date and level, under the tag
// `serf` and our process id: `<157>Nov 21 19:40:49 serf[30117]: agent: Serf agent starting`.
//
// Node has no datagram sockets in the file system, so the lines go through `logger` of util-linux, one
// process for the life of the agent (docs/decisions/0010-syslog.md). It finds the socket again when syslog
// is restarted; if it ends itself, it is started again. The agent waits for neither.
// Upstream: cmd/serf/command/agent/syslog.go, hashicorp/go-syslog. Next: agent-log.ts.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { encodeText } from '@reeve/bytes';
import type { LogLevel } from '@reeve/runtime';
import type { AgentLog, LogLine } from './agent-log.ts';
import { isAtLeast } from './log-level.ts';

/** Where lines go, for tests; the machine's own by default. */
export interface SyslogPlace {
  /** Sockets that syslog may listen on, the likeliest first. */
  readonly sockets: readonly string[];
  /** `logger` of util-linux. */
  readonly program: string;
}

/** Sends the lines of a log to syslog until it is closed. */
export class Syslog {
  readonly #facility: number;
  readonly #socket: string;
  readonly #program: string;
  readonly #stop: () => void;
  #logger: ChildProcess | undefined;
  #startedAtMs = Number.NEGATIVE_INFINITY;

  /** Rejects with the original's text when the facility is unknown or there is no syslog. */
  static async open(log: AgentLog, facility: string, place = machinesOwn): Promise<Syslog> {
    const number = syslogFacility(facility);
    return new Syslog(log, number, await findSyslog(place), place.program);
  }

  private constructor(log: AgentLog, facility: number, socket: string, program: string) {
    this.#facility = facility;
    this.#socket = socket;
    this.#program = program;
    this.#stop = log.subscribe((line) => {
      if (isAtLeast(line.level, log.level)) this.#send(line);
    }).stop;
  }

  /** Sends what was logged so far, and nothing more; settles when it is sent or has taken too long. */
  async close(): Promise<void> {
    this.#stop();
    const logger = this.#logger;
    if (logger === undefined) return;
    const tooLate = setTimeout(() => logger.kill('SIGKILL'), closeMs);
    logger.stdin?.end();
    await once(logger, 'close').catch(() => {}); // it could not be started or stopped
    clearTimeout(tooLate);
  }

  // Date and level are the start of every line: `2026/11/21 19:34:50 [INFO] …`. A text of several lines
  // becomes several messages, as it would on its way through syslog.
  #send({ level, text }: LogLine): void {
    const content = text.slice(text.indexOf('] ') + 2);
    const priority = `<${this.#facility * 8 + severities[level]}>`;
    const lines = content.split('\n').filter((line) => line !== '');
    const input = this.#running()?.stdin;
    if (!input || input.writableLength > waitingBytesMax) return;
    input.write(encodeText(lines.map((line) => `${priority}${line}\n`).join('')));
  }

  #running(): ChildProcess | undefined {
    if (this.#logger !== undefined) return this.#logger;
    const nowMs = performance.now();
    if (nowMs - this.#startedAtMs < restartEveryMs) return undefined;
    this.#startedAtMs = nowMs;
    const logger = startLogger(this.#program, this.#socket);
    for (const end of ['close', 'error'])
      logger.on(end, () => {
        this.#logger = undefined;
      });
    this.#logger = logger;
    return logger;
  }
}

/** The number of a facility. @throws Error with the original's text. */
export function syslogFacility(name: string): number {
  const number = facilities.indexOf(name.toUpperCase());
  if (number < 0) throw new Error(`invalid syslog facility: ${name}`);
  return number;
}

/** The socket that syslog listens on. Rejects with the original's text when there is none. */
export async function findSyslog(place = machinesOwn): Promise<string> {
  const socket = await firstListening(place.sockets);
  if (socket === undefined) throw new Error('Unix syslog delivery error');
  await checkProgram(place.program);
  return socket;
}

// In a session of its own: a Ctrl-C at the terminal is for the agent, which still has something to log.
function startLogger(program: string, socket: string): ChildProcess {
  const flags = ['--prio-prefix', '--tag=serf', `--id=${process.pid}`, `--size=${messageBytesMax}`];
  const args = [`--socket=${socket}`, '--socket-errors=off', ...flags];
  const logger = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  logger.stdin?.on('error', () => {}); // it ended before it had read all
  return logger;
}

async function firstListening(sockets: readonly string[]): Promise<string | undefined> {
  for (const socket of sockets) if (await isListening(socket)) return socket;
  return undefined;
}

// Node can connect to stream sockets alone. Of a datagram socket that somebody listens on the system says
// that it is of another type; of one left behind, that nobody is there.
async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPROTOTYPE';
  } finally {
    socket.destroy();
  }
}

async function checkProgram(program: string): Promise<void> {
  const { stdout } = await promisify(execFile)(program, ['--version']).catch(() => ({ stdout: '' }));
  if (!stdout.includes('util-linux')) throw new Error(`there is no ${program} of util-linux to deliver with`);
}

const machinesOwn: SyslogPlace = {
  sockets: ['/dev/log', '/var/run/syslog', '/var/run/log'],
  program: 'logger',
};

// By their numbers; those from 12 to 15 have no name here.
const facilities: readonly (string | undefined)[] = [
  ...['KERN', 'USER', 'MAIL', 'DAEMON', 'AUTH', 'SYSLOG', 'LPR', 'NEWS', 'UUCP', 'CRON', 'AUTHPRIV', 'FTP'],
  ...[undefined, undefined, undefined, undefined],
  ...['LOCAL0', 'LOCAL1', 'LOCAL2', 'LOCAL3', 'LOCAL4', 'LOCAL5', 'LOCAL6', 'LOCAL7'],
];

/** What a facility may be called. */
export const syslogFacilityNames: readonly string[] = facilities.filter((name) => name !== undefined);

// One step less grave than their names say, but for the last two: as the original has it.
const severities: Readonly<Record<LogLevel, number>> = { trace: 7, debug: 6, info: 5, warn: 4, err: 3 };

// Our longest lines are those of failed joins and of events with payload.
const messageBytesMax = 8192;
const waitingBytesMax = 1024 * 1024;
const restartEveryMs = 1_000;
const closeMs = 1_000;
