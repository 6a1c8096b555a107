// What soak.mjs does to an agent: members come and go, half of them without a goodbye, all under new names;
// everybody sends events, small and large, and asks; command lines come by RPC. On a busy machine one of
// these fails now and then; that is counted, and the next one is tried. All are at the agent's address, which
// is this run's alone: at a common one, a port that a member had is soon the port of somebody else's member,
// and gossip to the departed makes two clusters one.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSerf } from '@reeve/serf';
import { rootFolder } from './bootstrap.mjs';

/** Members around an agent, and what they have done so far. */
export class Load {
  counts = { joins: 0, leaves: 0, crashes: 0, events: 0, queries: 0, answers: 0, commands: 0, failures: 0 };
  /** Why something failed last. */
  lastFailure;
  #agent;
  #members = [];
  #isOver = false;
  #tasks = [];

  /** `agent` has the addresses `gossip` and `rpc`. */
  constructor(agent) {
    this.#agent = agent;
  }

  /** How many members take part at the moment. */
  get members() {
    return this.#members.length;
  }

  async start() {
    for (let count = 0; count < membersMax; count++) await this.#join();
    const every = (ms, act) => this.#tasks.push(this.#repeat(ms, act));
    every(1_000, () => this.#replaceMember());
    every(50, () => this.#sendEvent());
    every(250, () => this.#ask());
    every(1_500, () => this.#runCommand());
    every(2_000, () => this.#anyone().setTags({ seen: String(this.counts.events) }));
  }

  /** Ends everything. Fails unless the agent is still at work. */
  async stop() {
    this.#isOver = true;
    await Promise.all(this.#tasks);
    await this.#run(['info']);
    await Promise.all(this.#members.map((member) => member.close({ leave: false })));
  }

  async #repeat(ms, act) {
    while (!this.#isOver) {
      await act().catch((error) => {
        this.counts.failures++;
        this.lastFailure = error;
      });
      await delay(ms);
    }
  }

  async #join() {
    const name = `member-${++this.counts.joins}`;
    const { gossip } = this.#agent;
    const serf = { userEventSizeLimitBytes: 9_216 };
    const memberlist = { streamTimeoutMs: 10_000 };
    const options = {
      name,
      bind: `${gossip.split(':')[0]}:0`,
      profile: 'local',
      join: [gossip],
      serf,
      memberlist,
    };
    const member = await createSerf(options);
    member.on('query:load', (query) => query.respond(name));
    this.#members.push(member);
  }

  async #replaceMember() {
    await this.#join();
    const hasManners = this.counts.joins % 2 === 0;
    if (hasManners) this.counts.leaves++;
    else this.counts.crashes++;
    await this.#members.shift().close({ leave: hasManners });
  }

  async #sendEvent() {
    const bytes = ++this.counts.events % 20 === 0 ? 3_000 : 100;
    this.#anyone().userEvent(`event-${this.counts.events % 7}`, new Uint8Array(bytes).fill(0x78));
  }

  async #ask() {
    this.counts.queries++;
    for await (const _answer of this.#anyone().query('load', '', { timeoutMs: 200 })) this.counts.answers++;
  }

  /** One after the other, as an operator's scripts would. Those that follow a log are cut short. */
  async #runCommand() {
    await this.#run(allCommands[this.counts.commands++ % allCommands.length]);
  }

  async #run(command) {
    const [name, ...args] = command;
    const isEndless = name === 'monitor';
    await new Promise((resolve, reject) => {
      const options = { timeout: isEndless ? 1_000 : 30_000, killSignal: isEndless ? 'SIGINT' : 'SIGKILL' };
      execFile(
        join(rootFolder, 'bin/serf'),
        [name, `-rpc-addr=${this.#agent.rpc}`, ...args],
        options,
        (error) => {
          if (error && !isEndless) reject(new Error(`serf ${command.join(' ')}: ${error.message}`));
          else resolve();
        },
      );
    });
  }

  #anyone() {
    return this.#members[Math.floor(Math.random() * this.#members.length)];
  }
}

const membersMax = 6;
const allCommands = [
  ['members', '-format=json'],
  ['event', 'handled', 'payload'],
  ['query', '-timeout=300ms', 'load'],
  ['info'],
  ['tags', '-set', 'role=soaked'],
  ['monitor', '-log-level=debug'],
];
