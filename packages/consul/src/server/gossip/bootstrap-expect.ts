// `bootstrap_expect`: a cluster begins as soon as so many servers have found each other, on each of them with
// the same configuration. consul.md 8.3; upstream: agent/consul/server_serf.go (maybeBootstrap).

import type { Configuration, Server } from '@reeve/raft';
import { endpointText, type Log, type Runtime } from '@reeve/runtime';
import type { Member } from '@reeve/serf/core';
import { pause } from '../../waiting/pause.ts';
import { type ServerMember, serverOf } from './server-member.ts';

/** What the search for the expected servers needs. */
export interface ExpectedServersParts {
  readonly runtime: Runtime;
  readonly datacenter: string;
  /** How many servers there are to be. */
  readonly expect: number;
  members(): readonly Member[];
  /** Whether this server's log has anything. */
  hasRaftData(): boolean;
  /** The raft peers another server knows of. */
  peersOf(server: ServerMember): Promise<readonly string[]>;
  /** Throws if these cannot be the servers, or there is a cluster. */
  bootstrap(configuration: Configuration): void;
}

/** Looks for the others until a cluster has begun or is seen to have begun before. */
export class ExpectedServers {
  readonly #parts: ExpectedServersParts;
  /** Nothing is to be begun any more. */
  #isOver = false;
  #isAsking = false;

  constructor(parts: ExpectedServersParts) {
    this.#parts = parts;
  }

  /** Members have come: are these all? */
  look(): void {
    if (this.#isOver || this.#isAsking) return;
    const { runtime } = this.#parts;
    if (this.#parts.hasRaftData()) {
      runtime.log('info', 'consul: Raft data found, disabling bootstrap mode');
      this.#isOver = true;
      return;
    }
    const servers = this.#candidates(runtime.log);
    if (servers === undefined) return;
    if (servers.filter(({ isNonvoter }) => !isNonvoter).length < this.#parts.expect) return;
    this.#isAsking = true;
    void this.#begin(servers).finally(() => {
      this.#isAsking = false;
    });
  }

  /** No cluster is begun after this. */
  stop(): void {
    this.#isOver = true;
  }

  /** The servers that agree about how many they are to be; undefined if some contradict. */
  #candidates(log: Log): readonly ServerMember[] | undefined {
    const servers: ServerMember[] = [];
    for (const member of this.#parts.members()) {
      const server = member.status === 'alive' ? serverOf(member) : undefined;
      if (server === undefined || server.datacenter !== this.#parts.datacenter) continue;
      if (server.expect !== 0 && server.expect !== this.#parts.expect) {
        log('err', `consul: ${conflictingExpect}: member=${member.name}`);
        return undefined;
      }
      if (server.isBootstrap) {
        log('err', `consul: Member has bootstrap mode. Expect disabled.: member=${member.name}`);
        return undefined;
      }
      servers.push(server);
    }
    return servers;
  }

  async #begin(servers: readonly ServerMember[]): Promise<void> {
    const { runtime } = this.#parts;
    for (const server of servers) {
      const peers = await this.#askPeers(server);
      if (this.#isOver) return;
      if (peers.length === 0) continue;
      const who = `server=${server.name}`;
      runtime.log('info', `consul: Existing Raft peers reported by server, disabling bootstrap mode: ${who}`);
      this.#isOver = true;
      return;
    }
    this.#isOver = true;
    const addresses = servers.map(endpointText).join(',');
    runtime.log('info', `consul: Found expected number of peers, attempting bootstrap: peers=${addresses}`);
    // In an order that all find: the first entry is the same everywhere, whomever a server has met first.
    const inOrder = servers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    try {
      this.#parts.bootstrap({ servers: inOrder.map(raftServer) });
    } catch (error) {
      // Some say nonsense of themselves; or another server has begun, and we are in its cluster already.
      runtime.log('err', `consul: Failed to bootstrap cluster: error="${(error as Error).message}"`);
    }
  }

  /** Who cannot be asked, in spite of all attempts, is taken for one that knows nobody. */
  async #askPeers(server: ServerMember): Promise<readonly string[]> {
    const { runtime } = this.#parts;
    for (let attempt = 0; attempt < attemptsMax && !this.#isOver; attempt++) {
      try {
        return await this.#parts.peersOf(server);
      } catch (error) {
        const why = `server=${server.name} error="${(error as Error).message}"`;
        runtime.log('err', `consul: Failed to confirm peer status for server (will retry). ${why}`);
        await pause(runtime, 2 ** attempt * 1_000);
      }
    }
    return [];
  }
}

function raftServer(server: ServerMember): Server {
  const suffrage = server.isNonvoter ? 'nonvoter' : 'voter';
  return { id: server.id, address: endpointText(server), suffrage };
}

const conflictingExpect = 'Member has a conflicting expect value. All nodes should expect the same number.';
/** Upstream's number. */
const attemptsMax = 6;
