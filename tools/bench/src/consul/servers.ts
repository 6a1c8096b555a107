// Clusters of Consul servers to measure, ours and real ones alike: each server on a loopback address of its
// own, with the ports everybody knows, and a data directory in the folder for temporary files. They log
// warnings only, have default settings but for what a measure says, and are gone when the turn is over.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, LoopbackNetwork, type Program } from '@reeve/interop';
import { ConsulServer, type ServersPlan } from './server.ts';

/** Runs `work` with servers that have a leader and all take writes. */
export function withServers<T>(
  program: Program,
  plan: ServersPlan,
  work: (servers: ConsulServers) => Promise<T>,
): Promise<T> {
  return withFreshServers(program, plan, async (servers) => {
    for (const server of servers.all) server.start();
    await servers.ready();
    return work(servers);
  });
}

/** Runs `work` with servers that were never started. */
export async function withFreshServers<T>(
  program: Program,
  plan: ServersPlan,
  work: (servers: ConsulServers) => Promise<T>,
): Promise<T> {
  const network = await LoopbackNetwork.claim();
  const folder = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const hosts = Array.from({ length: plan.count }, () => network.nextAddress());
  const all = hosts.map((host, index) => new ConsulServer(program, `s${index + 1}`, host, folder));
  for (const server of all) server.configure(plan, hosts);
  try {
    return await work(new ConsulServers(all));
  } finally {
    await Promise.all(all.map((server) => server.kill()));
    network.release();
    rmSync(folder, { recursive: true });
  }
}

/** The servers of one cluster. */
class ConsulServers {
  readonly all: readonly ConsulServer[];

  constructor(all: readonly ConsulServer[]) {
    this.all = all;
  }

  get pids(): readonly number[] {
    return this.all.map(({ pid }) => pid);
  }

  /** The only one, or any. */
  get first(): ConsulServer {
    const [first] = this.all;
    if (first === undefined) throw new Error('a cluster has servers');
    return first;
  }

  /** Waits until all name one leader and all peers, and take writes. */
  async ready(): Promise<void> {
    for (const server of this.all) {
      await eventually(`${server.name} (${server.program.title}) takes writes`, async () => {
        server.requireRunning();
        const peers = (await server.json('/v1/status/peers')) as readonly string[];
        if (peers.length !== this.all.length) throw new Error(`${peers.length} peers`);
        await server.put('/v1/kv/bench/ready', '');
      });
    }
  }

  /** Who leads, and who follows. */
  async roles(): Promise<{ readonly leader: ConsulServer; readonly followers: readonly ConsulServer[] }> {
    const address = await this.first.leader();
    const leader = this.all.find(({ host }) => address === `${host}:8300`);
    if (leader === undefined) throw new Error(`nobody is the leader ${address}`);
    return { leader, followers: this.all.filter((server) => server !== leader) };
  }
}
