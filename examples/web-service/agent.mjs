// The Consul server: its directory of configuration, and what one asks it.

import { execFile } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { start } from './programs.mjs';

/** A server that is a cluster by itself. */
export class Agent {
  /** Where it is. */
  address;
  /** Where its HTTP API is. */
  http;
  #consul;
  #config;
  #data;
  #resolver = new Resolver({ timeout: 1_000, tries: 1 });

  /** `consul` is the program. */
  constructor(address, folder, consul) {
    this.address = address;
    this.http = `${address}:8500`;
    this.#consul = consul;
    this.#config = join(folder, 'config');
    this.#data = join(folder, 'data');
    this.#resolver.setServers([`${address}:8600`]);
    mkdirSync(this.#config, { recursive: true });
  }

  start() {
    this.write('agent.json', {
      server: true,
      bootstrap_expect: 1,
      data_dir: this.#data,
      // Who may write into the directory of configuration may have this machine run programs.
      enable_local_script_checks: true,
      performance: { raft_multiplier: 1 },
      ports: { serf_wan: -1 },
      disable_update_check: true,
    });
    const addresses = [`-bind=${this.address}`, `-client=${this.address}`];
    start('agent', this.#consul, ['agent', '-node=node1', ...addresses, `-config-dir=${this.#config}`]);
  }

  /** Writes a file of the configuration. The agent reads it when it starts and when it reloads. */
  write(name, content) {
    writeFileSync(join(this.#config, name), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Removes a file of the configuration. */
  remove(name) {
    rmSync(join(this.#config, name));
  }

  /** Starts a watch that runs a program, a Node script, whenever the passing instances change. */
  startWatch(service, script, ...args) {
    const words = ['watch', '-type=service', `-service=${service}`, '-passingonly=true', '-shell=false'];
    start('watch', this.#consul, [...words, process.execPath, script, ...args], this.#env());
  }

  /** What `consul` prints. */
  async consul(...words) {
    const { stdout } = await promisify(execFile)(this.#consul, words, { env: this.#env() });
    return stdout;
  }

  /** What the agent answers over HTTP. */
  async get(path) {
    const response = await fetch(`http://${this.http}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return await response.text();
  }

  /** The addresses that DNS answers, sorted; none if there is nothing. */
  async addresses(name) {
    return (await this.#resolver.resolve4(name).catch(noneOf)).sort();
  }

  /** The SRV records that DNS answers, as dig writes them, sorted by port. */
  async services(name) {
    const records = await this.#resolver.resolveSrv(name).catch(noneOf);
    records.sort((one, other) => one.port - other.port);
    return records.map((it) => `${it.priority} ${it.weight} ${it.port} ${it.name}.`);
  }

  #env() {
    return { ...process.env, CONSUL_HTTP_ADDR: this.http };
  }
}

function noneOf(error) {
  if (noAnswers.includes(error.code)) return [];
  throw error;
}

/** Of Node's resolver: no such name, no address, nobody leads yet, nobody listens yet. */
const noAnswers = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ECONNREFUSED', 'ETIMEOUT'];
