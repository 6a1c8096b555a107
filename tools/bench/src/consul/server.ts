// One server of Consul to measure, ours or the real one: its configuration, its process, and its HTTP.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, type Program } from '@reeve/interop';

/** What a cluster is made of. */
export interface ServersPlan {
  readonly count: 1 | 3;
  /** `performance.raft_multiplier`; the program's own if it is not given. */
  readonly raftMultiplier?: number;
}

/** One server. */
export class ConsulServer {
  readonly program: Program;
  readonly name: string;
  readonly host: string;
  readonly #folder: string;
  #args: readonly string[] = [];
  #child: Child | undefined;

  constructor(program: Program, name: string, host: string, folder: string) {
    this.program = program;
    this.name = name;
    this.host = host;
    this.#folder = join(folder, name);
  }

  /** Writes its configuration; `hosts` are those of all servers. */
  configure({ count, raftMultiplier }: ServersPlan, hosts: readonly string[]): void {
    const performance = raftMultiplier === undefined ? {} : { raft_multiplier: raftMultiplier };
    const limits = { http_max_conns_per_client: connectionsMax };
    const file = `${this.#folder}.json`;
    writeFileSync(file, JSON.stringify({ performance, limits, disable_update_check: true }));
    const place = [`-node=${this.name}`, `-bind=${this.host}`, `-client=${this.host}`];
    const cluster = ['-server', `-bootstrap-expect=${count}`, ...(count > 1 ? joins(hosts) : [])];
    const files = [`-config-file=${file}`, `-data-dir=${this.#folder}`];
    this.#args = ['agent', ...place, ...cluster, ...files, '-log-level=warn'];
  }

  /** Starts its process, with the data it had. */
  start(): void {
    this.#child = new Child(this.program.path, this.#args);
  }

  /** The number of its process. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.name} (${this.program.title}) does not run`);
    return pid;
  }

  /** @throws Error with what it printed, if it has ended */
  requireRunning(): void {
    if (this.#child?.isRunning === true) return;
    throw new Error(`it has ended: ${this.#child?.stdout}${this.#child?.stderr}`);
  }

  /** Crashes it. */
  async kill(): Promise<void> {
    this.#child?.signal('SIGKILL');
    await this.#child?.ended;
  }

  /** The leader's address as this server knows it; empty without one. */
  async leader(timeoutMs = requestMsMax): Promise<string> {
    return String(await this.json('/v1/status/leader', timeoutMs));
  }

  /** The answer to a GET, parsed. */
  async json(path: string, timeoutMs = requestMsMax): Promise<unknown> {
    return JSON.parse(textOf(await this.#request('GET', path, undefined, timeoutMs)));
  }

  /** The text of an answer to a PUT; throws unless its status is 200. */
  async put(path: string, body: string, timeoutMs = requestMsMax): Promise<string> {
    return textOf(await this.#request('PUT', path, body, timeoutMs));
  }

  /** How many bytes the answer to a GET has. */
  async bytes(path: string): Promise<number> {
    return (await this.#request('GET', path, undefined, requestMsMax)).byteLength;
  }

  async #request(
    method: string,
    path: string,
    body: string | undefined,
    timeoutMs: number,
  ): Promise<ArrayBuffer> {
    const content = body === undefined ? {} : { body };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`http://${this.host}:8500${path}`, { method, signal, ...content });
    const bytes = await response.arrayBuffer();
    if (response.status === 200) return bytes;
    throw new Error(`${method} ${path} was answered ${response.status}: ${textOf(bytes)}`);
  }
}

function textOf(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString();
}

function joins(hosts: readonly string[]): string[] {
  return hosts.map((host) => `-retry-join=${host}`);
}

/** For thousands of queries that wait; 200 by default. */
const connectionsMax = 10_000;
const requestMsMax = 20_000;
