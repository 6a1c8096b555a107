// One machine, which is a loopback address: a Consul server, a database, a web server, and the watch that
// runs promote.mjs. The services are JSON files in the directory of the agent's configuration.

import { spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A machine whose programs can be started and killed. */
export class Machine {
  #folder;
  #consul;
  #say;
  #resolver = new Resolver({ timeout: 1_000, tries: 1 });
  #programs = new Map();

  /** `consul` is the program; `say` is called with each line of the handler. */
  constructor(name, address, folder, consul, say) {
    this.name = name;
    this.address = address;
    this.#folder = join(folder, name);
    this.#consul = consul;
    this.#say = say;
    this.#resolver.setServers([`${address}:8600`]);
    mkdirSync(join(this.#folder, 'config'), { recursive: true });
    this.#define('db', databasePort, ['replica']);
    this.#define('web', webPort, []);
  }

  /** Starts the server; `first` is the address of the one that all of them join. */
  startAgent(first, servers) {
    const settings = {
      server: true,
      bootstrap_expect: servers,
      data_dir: join(this.#folder, 'data'),
      retry_join: [first],
      retry_interval: '1s',
      performance: { raft_multiplier: 3 },
      ports: { serf_wan: -1 },
      disable_update_check: true,
    };
    writeFileSync(join(this.#folder, 'config', 'agent.json'), JSON.stringify(settings));
    const addresses = [`-bind=${this.address}`, `-client=${this.address}`];
    const config = `-config-dir=${join(this.#folder, 'config')}`;
    this.#start('agent', this.#consul, ['agent', `-node=${this.name}`, ...addresses, config]);
  }

  /** Starts the handler's watch. */
  startWatch() {
    const handler = [process.execPath, beside('promote.mjs')];
    const words = ['watch', '-type=service', '-service=db', '-shell=false', ...handler];
    const watch = this.#start('watch', this.#consul, words, {
      CONSUL_HTTP_ADDR: `${this.address}:8500`,
      CONSUL: this.#consul,
      MACHINE: this.name,
      DATABASE: `${this.address}:${databasePort}`,
    });
    createInterface({ input: watch.stdout }).on('line', this.#say);
  }

  startDatabase() {
    this.#start('db', process.execPath, [beside('database.mjs'), this.address, databasePort]);
  }

  startWeb() {
    this.#start('web', process.execPath, [beside('web.mjs'), this.address, webPort, databasePort]);
  }

  /** `kill -9` for one of `agent`, `watch`, `db` and `web`. */
  async kill(program) {
    const child = this.#programs.get(program);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }

  /** Kills everything, and whoever the watch has started. */
  async end() {
    // Its group: a handler that waits for the lock would wait on.
    const { pid } = this.#programs.get('watch') ?? {};
    if (pid !== undefined) killGroup(pid);
    await Promise.all([...this.#programs.keys()].map((program) => this.kill(program)));
  }

  /** The addresses that DNS on this machine answers for a name, sorted; none if there is nothing. */
  async addresses(name) {
    try {
      return (await this.#resolver.resolve4(name)).sort();
    } catch (error) {
      if (noAnswers.includes(error.code)) return [];
      throw error;
    }
  }

  /** What the agent answers over HTTP. */
  async get(path) {
    const response = await fetch(`http://${this.address}:8500${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return await response.text();
  }

  #define(name, port, tags) {
    const check = { http: `http://${this.address}:${port}/health`, interval: '1s', timeout: '1s' };
    const service = { name, address: this.address, port: Number(port), tags, check };
    writeFileSync(join(this.#folder, 'config', `${name}.json`), JSON.stringify({ service }));
  }

  #start(program, path, args, env = {}) {
    // In a group of its own: Ctrl-C is for the example alone.
    const child = spawn(path, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      detached: true,
    });
    child.stdout.resume();
    this.#programs.set(program, child);
    return child;
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {} // nobody is left of it
}

function beside(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

const databasePort = '5432';
const webPort = '8080';

/** Of Node's resolver: no such name, no address, nobody leads yet, nobody listens yet. */
const noAnswers = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ECONNREFUSED', 'ETIMEOUT'];
