// This server in the gossip pool of its datacenter: what it says of itself, whom it takes, and which servers
// it knows there. Upstream: agent/consul/server_serf.go (setupSerf).

import { encodeText } from '@reeve/bytes';
import { endpointText, type Log } from '@reeve/runtime';
import { type JoinOutcome, type Member, Serf, type SerfConfig, type SerfEvent } from '@reeve/serf/core';
import type { ConsulServerOptions } from '../consul-server-options.ts';
import { lanRefusal } from './lan-refusal.ts';
import { serverOf } from './server-member.ts';
import { serverTags } from './server-tags.ts';
import { newLeaderEvent } from './tell-of-servers.ts';

/** One server's gossip; a leader's `GossipPool`, too. */
export class LanGossip {
  readonly nodeName: string;
  readonly serf: Serf;
  readonly #log: Log;

  /** @param port where the server port listens */
  constructor(options: ConsulServerOptions, port: number, onEvent: (event: SerfEvent) => void) {
    const { runtime, nodeName } = options;
    this.nodeName = nodeName;
    this.#log = runtime.log;
    this.serf = new Serf(serfConfig(options, port), runtime, {
      onEvent,
      vetoMembers: (candidates) => lanRefusal(candidates, options),
    });
  }

  /** Rejects if its port cannot be listened at. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.serf.start((error) => {
        if (error === undefined) resolve();
        else reject(new Error(`Failed to start LAN Serf: ${error.message}`, { cause: error }));
      });
    });
  }

  join(addresses: readonly string[]): Promise<JoinOutcome> {
    return new Promise((resolve) => this.serf.join(addresses, true, resolve));
  }

  /** Says goodbye; rejects if that cannot be done now. */
  leave(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.serf.leave((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  members(): readonly Member[] {
    return this.serf.members();
  }

  announceLeader(): void {
    this.serf.userEvent(newLeaderEvent, encodeText(this.nodeName), false);
  }

  forceLeave(name: string): void {
    this.serf.forceLeave(name, false, (error) => {
      if (error === undefined) return;
      this.#log('err', `consul: failed to force-leave node ${name}: ${error.message}`);
    });
  }

  /**
   * The name of the server with this address. Who is alive before who was there before: a server may take the
   * address of one that has gone.
   */
  nodeAt(address: string): string | undefined {
    const isAlive = ({ status }: Member): boolean => status === 'alive';
    const members = this.serf.members().toSorted((a, b) => Number(isAlive(b)) - Number(isAlive(a)));
    return members.find((member) => {
      const server = serverOf(member);
      return server !== undefined && endpointText(server) === address;
    })?.name;
  }
}

function serfConfig(options: ConsulServerOptions, port: number): SerfConfig {
  const { serf, datacenter, nodeId, build, isBootstrap, bootstrapExpect } = options;
  const tags = serverTags({
    datacenter,
    nodeId,
    build,
    port,
    isBootstrap,
    expect: bootstrapExpect,
    wanPort: -1,
  });
  return { ...serf, tags };
}
