// A Consul, the original or ours, on an address of its own, spoken with over HTTP. Next: consul-cluster.ts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { LoopbackNetwork } from '@reeve/namespaces';
import { Child, type Outcome, run } from './child.ts';
import { eventually } from './eventually.ts';
import { consul187, type Program } from './programs.ts';

/** What an HTTP request was answered with. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** A running server, of the real program unless another was wanted. */
export class ConsulAgent {
  readonly address: string;
  /** Where its HTTP answers: `127.7.0.1:8500`. */
  readonly http: string;
  /** Its process. */
  readonly child: Child;
  /** The ACL token that is shown with each request, if any. */
  token = '';

  /** Starts an agent, which the caller ends. */
  constructor(program: Program, address: string, args: readonly string[]) {
    this.address = address;
    this.http = `${address}:8500`;
    const flags = [`-bind=${address}`, `-client=${address}`, ...args];
    this.child = new Child(program.path, ['agent', ...flags], program.agentEnv);
  }

  /** Starts a single server of the real program, which keeps nothing. It ends with the test. */
  static start(t: TestContext, ...args: readonly string[]): Promise<ConsulAgent> {
    return ConsulAgent.startOf(consul187, t, ...args);
  }

  /** The same of either program. */
  static async startOf(program: Program, t: TestContext, ...args: readonly string[]): Promise<ConsulAgent> {
    const agent = await ConsulAgent.#launch(program, t, ['-dev', ...args]);
    await eventually('a leader is elected', () => agent.put('/v1/kv/ready', ''), startMs);
    await eventually('its catalog has it', () => agent.#isInCatalog());
    return agent;
  }

  /** Starts a server with a data directory, which answers over HTTP, whether or not there is a leader. */
  static async serverOf(program: Program, t: TestContext, ...args: readonly string[]): Promise<ConsulAgent> {
    const server = ['-server', `-data-dir=${scratchFolder(t)}`, '-hcl=performance { raft_multiplier = 1 }'];
    const agent = await ConsulAgent.#launch(program, t, [...server, ...args]);
    await eventually('it answers', () => agent.get('/v1/status/leader'), startMs);
    return agent;
  }

  static async #launch(program: Program, t: TestContext, args: readonly string[]): Promise<ConsulAgent> {
    const network = await LoopbackNetwork.claim();
    const agent = new ConsulAgent(program, network.nextAddress(), args);
    t.after(async () => {
      await agent.kill();
      network.release();
    });
    return agent;
  }

  /** The agent tells of itself, and the leader of the server and its health; who comes first is chance. */
  async #isInCatalog(): Promise<void> {
    const told = await this.getJson('/v1/health/service/consul');
    const [{ Node, Checks }] = told as [{ Node: { TaggedAddresses: object | null }; Checks: object[] }];
    if (Node.TaggedAddresses === null || Checks.length === 0) throw new Error(JSON.stringify(told));
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.child.signal('SIGKILL');
    await this.child.ended;
  }

  /** The body of the answer to a GET; throws for any status but 200. */
  async get(path: string): Promise<Uint8Array> {
    return successful(path, await this.request('GET', path));
  }

  /** The answer to a GET, parsed. */
  async getJson(path: string): Promise<unknown> {
    return JSON.parse(Buffer.from(await this.get(path)).toString());
  }

  /** The text of the answer to a PUT; throws for any status but 200. */
  async put(path: string, body: string | Uint8Array): Promise<string> {
    return Buffer.from(successful(path, await this.request('PUT', path, body))).toString();
  }

  /** Waits until a node's coordinate is known to the server, which takes seconds after its start. */
  async hasCoordinateOf(node: string): Promise<void> {
    const path = `/v1/coordinate/node/${node}`;
    await eventually(`${node} has a coordinate`, () => this.get(path), coordinateMs);
  }

  /** Any request. */
  async request(method: string, path: string, body?: string | Uint8Array): Promise<HttpAnswer> {
    const content = body === undefined ? {} : { body };
    const headers = this.token === '' ? {} : { 'x-consul-token': this.token };
    const response = await fetch(`http://${this.http}${path}`, { method, headers, ...content });
    return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  }

  /** Runs a command of the real program against this server. */
  command(...args: readonly string[]): Promise<Outcome> {
    return run(consul187.path, args, { CONSUL_HTTP_ADDR: this.http });
  }
}

/** A folder for the files of a test, which goes with it. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-consul-'));
  // Behind whatever else ends with the test: a server goes on writing until then.
  t.after(() => t.after(() => rmSync(folder, { recursive: true, force: true })));
  return folder;
}

function successful(path: string, { status, body }: HttpAnswer): Uint8Array {
  if (status === 200) return body;
  throw new Error(`${path} was answered ${status}: ${Buffer.from(body).toString()}`);
}

/** Nodes send theirs every 15 to 30 seconds, servers write them every 5. */
const coordinateMs = 90_000;
/** It takes two seconds on an idle machine. */
const startMs = 60_000;
