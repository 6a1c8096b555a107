// One machine with one agent, and what that agent believes about the cluster. It is read from the agent's own
// log, line by line as it appears: asking 52 agents over and over would cost more than they do.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** An agent that can be started, crashed and told to leave, again and again. */
export class Node {
  /** `off`, `starting`, `running`, `killed` or `left`. */
  state = 'off';
  /** By member: `alive`, `failed` or `left`. */
  members = new Map();
  #enter;
  #flags;
  #process;

  /** `enter` is what puts a command line on the machine. */
  constructor(name, address, enter) {
    this.name = name;
    this.address = address;
    this.#enter = enter;
    this.#flags = [`-node=${name}`, `-bind=${address}`, '-discover=webapp'];
  }

  /** Starts the agent; settles when it runs. */
  async start() {
    this.state = 'starting';
    this.members = new Map();
    // Ctrl-C is for this program alone: with a group of their own the agents do not hear it.
    const child = spawnOn(this.#enter, ['agent', ...this.#flags], { detached: true });
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (line.startsWith('==> Log data will now stream in')) resolve();
        this.#learn(line);
      });
      child.once('close', (code) => reject(new Error(`${this.name} ended with ${code}`)));
    });
    this.state = 'running';
  }

  /** `kill -9`. */
  async crash() {
    await this.#end('SIGKILL');
    this.state = 'killed';
  }

  /** Ctrl-C: says goodbye to the others first. */
  async leave() {
    await this.#end('SIGINT');
    this.state = 'left';
  }

  /** How many members the agent believes to be `alive`, `failed` or `left`. */
  count(status) {
    return [...this.members.values()].filter((it) => it === status).length;
  }

  /** What `serf members` prints on this machine, by member. */
  async askMembers() {
    const [command, ...args] = commandOn(this.#enter, ['members', '-format=json']);
    const { stdout } = await promisify(execFile)(command, args);
    return new Map(JSON.parse(stdout).members.map(({ name, status }) => [name, status]));
  }

  /** The memory of the agent's process, in MiB. */
  residentMiB() {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024;
  }

  async #end(signal) {
    if (this.#process === undefined || this.#process.exitCode !== null || this.#process.signalCode) return;
    const ended = once(this.#process, 'close');
    this.#process.kill(signal);
    await ended;
  }

  #learn(line) {
    // Forced: who missed the goodbye takes a leave for a failure, until others tell better.
    const pattern = /serf: EventMember(Join|Failed|Leave)(?: \(forced\))?: (\S+)/;
    const [, event, member] = pattern.exec(line) ?? [];
    if (event !== undefined) this.members.set(member, statuses[event]);
  }
}

function spawnOn(enter, args, options) {
  const [command, ...rest] = commandOn(enter, args);
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

function commandOn(enter, args) {
  return [...enter, serfProgram, ...args];
}

const serfProgram = fileURLToPath(new URL('../../bin/serf', import.meta.url));
const statuses = { Join: 'alive', Failed: 'failed', Leave: 'left' };
