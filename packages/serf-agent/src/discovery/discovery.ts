// `-discover`: announces a node by multicast DNS, and joins the nodes it finds. Loaded only by agents that
// are asked for it. Upstream: cmd/serf/command/agent/mdns.go.
//
// Nothing in here decides anything: service.ts knows what to answer, entries.ts what an answer means,
// host-finder.ts when to ask and whom to join.

import { hostname } from 'node:os';
import { DecodeError } from '@reeve/bytes';
import type { Endpoint, Runtime } from '@reeve/runtime';
import { endpointText } from '@reeve/runtime';
import { errorText } from '../error-text.ts';
import { Complaints } from './complaints.ts';
import { HostFinder } from './host-finder.ts';
import {
  type Family,
  failureText,
  families,
  type MulticastSocket,
  openListener,
  type Sender,
} from './multicast.ts';
import { search } from './search.ts';
import { type Announcement, answersTo, recordsFor, serviceName } from './service.ts';
import { encodeAnswer, recordTypes } from './wire/message.ts';

/** What discovery needs to know, and whom to tell. */
export interface DiscoveryOptions {
  /** The name that all nodes of the cluster share. */
  readonly cluster: string;
  readonly node: string;
  /** Where the others reach the node. */
  readonly endpoint: Endpoint;
  /** The network interface to use; empty: the one the system chooses. */
  readonly onInterface: string;
  readonly disableIpv4: boolean;
  readonly disableIpv6: boolean;
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'random' | 'log'>;
  /** Whether a host takes part in the cluster as far as we know, or is ourselves. */
  isMember(host: Endpoint): boolean;
  /** Joins through these addresses; how many did. */
  join(addresses: readonly string[]): Promise<number>;
}

/** Announces a node and finds others, until `close`. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #service: string;
  readonly #listeners: readonly MulticastSocket[];
  readonly #finder: HostFinder;
  readonly #complaints: Complaints;
  readonly #closing = new AbortController();

  /** Begins both. Rejects where there is no multicast, and when a name is none that DNS can carry. */
  static async start(options: DiscoveryOptions): Promise<Discovery> {
    const { cluster, node, endpoint, runtime } = options;
    const announcement: Announcement = { cluster, node, hostName: hostname(), endpoint };
    checkNames(announcement);
    const isWanted = { IPv4: !options.disableIpv4, IPv6: !options.disableIpv6 };
    const { listeners, failures } = await openListeners(
      families.filter(({ name }) => isWanted[name]),
      options.onInterface,
    );
    if (listeners.length === 0)
      throw new Error(`No multicast listeners could be started (${failures.join(', ')})`);
    for (const failure of failures) runtime.log('info', `agent.mdns: Not listening over ${failure}`);
    const discovery = new Discovery(options, announcement, listeners);
    discovery.#finder.start();
    return discovery;
  }

  private constructor(
    options: DiscoveryOptions,
    announcement: Announcement,
    listeners: readonly MulticastSocket[],
  ) {
    const { runtime, cluster, isMember } = options;
    this.#options = options;
    this.#service = serviceName(cluster);
    this.#listeners = listeners;
    this.#complaints = new Complaints(runtime.log, runtime.clock);
    for (const listener of listeners) {
      listener.onPacket((packet, from) => this.#answer(packet, from, listener, announcement));
    }
    this.#finder = new HostFinder(runtime.timers, {
      search: () => void this.#search(),
      isMember,
      join: (hosts, done) => void this.#join(hosts).then(done),
    });
  }

  /** Is silent from now on. */
  close(): void {
    this.#closing.abort();
    this.#finder.close();
    for (const listener of this.#listeners) listener.close();
  }

  #answer(packet: Uint8Array, from: Sender, listener: MulticastSocket, announcement: Announcement): void {
    try {
      for (const answer of answersTo(packet, announcement)) listener.answer(answer, from);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#onMalformed(from, error);
    }
  }

  async #search(): Promise<void> {
    const { onInterface, runtime } = this.#options;
    try {
      await search(
        {
          service: this.#service,
          families: this.#listeners.map(({ family }) => family),
          onInterface,
          random: runtime.random,
          onHost: (host) => this.#finder.onHost(host),
          onMalformed: (from, error) => this.#onMalformed(from, error),
        },
        this.#closing.signal,
      );
    } catch (error) {
      runtime.log('err', `agent.mdns: Failed to poll for new hosts: ${errorText(error)}`);
    }
  }

  async #join(hosts: readonly Endpoint[]): Promise<void> {
    const { runtime, join } = this.#options;
    try {
      const joined = await join(hosts.map(endpointText));
      if (joined > 0) runtime.log('info', `agent.mdns: Joined ${joined} hosts`);
    } catch (error) {
      runtime.log('err', `agent.mdns: Failed to join: ${errorText(error)}`);
    }
  }

  #onMalformed({ address, port }: Sender, error: DecodeError): void {
    this.#complaints.add(endpointText({ host: address, port }), error.message);
  }
}

// A name that cannot be written would be noticed only by the others, who never find this node.
function checkNames(announcement: Announcement): void {
  const name = serviceName(announcement.cluster);
  const everything = recordsFor([{ name, type: recordTypes.ANY, wantsUnicast: false }], announcement);
  encodeAnswer(0, everything);
}

async function openListeners(
  wanted: readonly Family[],
  onInterface: string,
): Promise<{ listeners: readonly MulticastSocket[]; failures: readonly string[] }> {
  const listeners: MulticastSocket[] = [];
  const failures: string[] = [];
  for (const family of wanted) {
    try {
      listeners.push(await openListener(family, onInterface));
    } catch (error) {
      failures.push(failureText(family, error));
    }
  }
  return { listeners, failures };
}
