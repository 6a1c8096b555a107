// Lines to the machine's syslog, under a tag and our process id:
// `<157>Nov 21 19:40:49 serf[30117]: agent: Serf agent starting`.
//
// Node has no datagram sockets in the file system, so the lines go through `logger` of util-linux, one
// process for the life of the agent (docs/decisions/0010-syslog.md). It finds the socket again when syslog
// is restarted; if it ends itself, it is started again. The agent waits for neither.
// Upstream: hashicorp/go-syslog.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';

/** Where lines go, for tests; the machine's own by default. */
export interface SyslogPlace {
  /** Sockets that syslog may listen on, the likeliest first. */
  readonly sockets: readonly string[];
  /** `logger` of util-linux. */
  readonly program: string;
}

/** A way to syslog, until it is closed. */
export class SyslogPipe {
  readonly #tag: string;
  readonly #facility: number;
  readonly #socket: string;
  readonly #program: string;
  #logger: ChildProcess | undefined;
  #startedAtMs = Number.NEGATIVE_INFINITY;

  /** Rejects with the original's text when the facility is unknown or there is no syslog. */
  static async open(tag: string, facility: string, place = machinesOwn): Promise<SyslogPipe> {
    const number = syslogFacility(facility);
    return new SyslogPipe(tag, number, await findSyslog(place), place.program);
  }

  private constructor(tag: string, facility: number, socket: string, program: string) {
    this.#tag = tag;
    this.#facility = facility;
    this.#socket = socket;
    this.#program = program;
  }

  /**
   * A text of several lines becomes several messages, as it would on its way through syslog. Severities are
   * syslog's numbers; `encode` makes bytes of text.
   */
  send(severity: number, text: string, encode: (text: string) => Uint8Array): void {
    const priority = `<${this.#facility * 8 + severity}>`;
    const lines = text.split('\n').filter((line) => line !== '');
    const input = this.#running()?.stdin;
    if (!input || input.writableLength > waitingBytesMax) return;
    input.write(encode(lines.map((line) => `${priority}${line}\n`).join('')));
  }

  /** Settles when everything is sent or has taken too long; nothing is to be sent any more. */
  async close(): Promise<void> {
    const logger = this.#logger;
    if (logger === undefined) return;
    const tooLate = setTimeout(() => logger.kill('SIGKILL'), closeMs);
    logger.stdin?.end();
    await once(logger, 'close').catch(() => {}); // it could not be started or stopped
    clearTimeout(tooLate);
  }

  #running(): ChildProcess | undefined {
    if (this.#logger !== undefined) return this.#logger;
    const nowMs = performance.now();
    if (nowMs - this.#startedAtMs < restartEveryMs) return undefined;
    this.#startedAtMs = nowMs;
    const logger = startLogger(this.#program, this.#socket, this.#tag);
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
function startLogger(program: string, socket: string, tag: string): ChildProcess {
  const flags = ['--prio-prefix', `--tag=${tag}`, `--id=${process.pid}`, `--size=${messageBytesMax}`];
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

// Our longest lines are those of failed joins and of events with payload.
const messageBytesMax = 8192;
const waitingBytesMax = 1024 * 1024;
const restartEveryMs = 1_000;
const closeMs = 1_000;
