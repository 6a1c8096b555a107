// Which servers belong to the cluster of a storm: who is down comes back, and for who leaves for good
// somebody new comes.

import type { ConsulServer } from '../../dist/server/consul-server.js';
import { type Cluster, nodeIdOf } from '../kit/cluster.js';

/** The servers of a storm, by name. */
export class Crew {
  /** How many began the cluster. */
  readonly size: number;
  readonly #cluster: Cluster;
  #names: readonly string[];
  #newest: number;
  #leaver: ConsulServer | undefined;
  /** They have left, and are closing their files. */
  readonly #ending = new Set<string>();

  constructor(cluster: Cluster, size: number) {
    this.#cluster = cluster;
    this.size = size;
    this.#names = Array.from({ length: size }, (_, i) => `s${i + 1}`);
    this.#newest = size;
  }

  /** Who belongs to it. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Everybody who ever did. */
  get allNames(): readonly string[] {
    return Array.from({ length: this.#newest }, (_, i) => `s${i + 1}`);
  }

  /** Everybody in an order by chance; half of the time the leader comes first. */
  inAnyOrder(): readonly string[] {
    const { random, leader } = this.#cluster;
    const names = [...this.#names].sort(() => random.float() - 0.5);
    if (leader === undefined || random.float() < 0.5) return names;
    const first = this.#cluster.nameOf(leader);
    return [first, ...names.filter((name) => name !== first)];
  }

  /** Starts who is down; each joins whom it finds. Returns who that was. */
  async startMissing(): Promise<readonly string[]> {
    const { servers } = this.#cluster;
    const missing = this.#names.filter((name) => !servers.has(name) && !this.#ending.has(name));
    for (const name of missing) {
      await this.#cluster.start(name, { bootstrapExpect: this.size });
      this.#join(name);
    }
    return missing;
  }

  /** Whoever is leaving or down comes back, and everybody looks for everybody. */
  async gather(): Promise<void> {
    await this.#cluster.until(() => !this.#isAnybodyLeaving, 60_000);
    await this.startMissing();
    for (const name of this.#names) this.#join(name);
  }

  #join(name: string): void {
    const others = this.#names.filter((each) => each !== name);
    const addresses = others.map((each) => `${this.#cluster.host(each).ip}:8301`);
    void this.#cluster.servers.get(name)?.join(addresses);
  }

  /** A server leaves, one at a time, and is down after that. False if it did not come to that. */
  async leave(name: string): Promise<boolean> {
    const cluster = this.#cluster;
    const server = cluster.servers.get(name);
    if (server === undefined || this.#isAnybodyLeaving) return false;
    this.#leaver = server;
    await server.leave().catch(() => {}); // gossip has no time for it; stopping will do
    if (!this.#isRunning(server)) return false;
    this.#ending.add(name);
    await cluster.end(server);
    this.#ending.delete(name);
    this.#leaver = undefined;
    return true;
  }

  /** Somebody new takes the place of a server that will not come back; undefined if it is still needed. */
  replace(name: string): string | undefined {
    if (!this.#isOut(name)) return undefined;
    this.#newest++;
    const successor = `s${this.#newest}`;
    this.#names = [...this.#names.filter((each) => each !== name), successor];
    return successor;
  }

  get #isAnybodyLeaving(): boolean {
    const leaver = this.#leaver;
    return this.#ending.size > 0 || (leaver !== undefined && this.#isRunning(leaver));
  }

  /** Whether nobody will ever need this server's vote: the cluster has agreed to go on without it. */
  #isOut(name: string): boolean {
    const committed = this.#cluster.leader?.consensus.state.membership.committed;
    return committed?.servers.every(({ id }) => id !== nodeIdOf(name)) === true;
  }

  #isRunning(server: ConsulServer): boolean {
    return [...this.#cluster.servers.values()].includes(server);
  }
}
