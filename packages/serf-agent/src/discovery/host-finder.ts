// When to ask, and whom to join. Every minute the network is asked; hosts that answer are collected until
// none came for a moment, and joined in one call. A host that is a member already, and that includes
// ourselves, is left alone; every other is tried each time it is found.
//
// The original remembers every host it has ever tried, joins itself, and tries none again
// (cmd/serf/command/agent/mdns.go). Asking the list of members needs no memory and comes back to who failed.

import type { Endpoint, Timer, Timers } from '@reeve/runtime';
import { endpointText } from '@reeve/runtime';

/** The outside of a finder. None of it may throw. */
export interface FinderActions {
  /** Asks the network; what is found goes to `onHost`. */
  search(): void;
  /** Whether a host takes part in the cluster as far as we know, or is ourselves. */
  isMember(host: Endpoint): boolean;
  /** Joins through these hosts, and calls `done` when that is over. */
  join(hosts: readonly Endpoint[], done: () => void): void;
}

/** Finds hosts and has them joined, from `start` to `close`. */
export class HostFinder {
  readonly #timers: Timers;
  readonly #actions: FinderActions;
  // By address, found and not joined yet. Bounded by foundMax.
  readonly #found = new Map<string, Endpoint>();
  #nextSearch: Timer | undefined;
  #quiet: Timer | undefined;
  #isJoining = false;
  #isClosed = false;

  constructor(timers: Timers, actions: FinderActions) {
    this.#timers = timers;
    this.#actions = actions;
  }

  /** Asks now, and then every minute. */
  start(): void {
    this.#actions.search();
    this.#nextSearch = this.#timers.after(searchIntervalMs, () => this.start());
  }

  /** A host has answered. */
  onHost(host: Endpoint): void {
    const address = endpointText(host);
    if (this.#isClosed || this.#found.has(address) || this.#found.size >= foundMax) return;
    if (this.#actions.isMember(host)) return;
    this.#found.set(address, host);
    this.#quiet?.cancel();
    this.#quiet = this.#timers.after(quietMs, () => this.#join());
  }

  /** Asks and joins no more. A join that runs is not stopped. */
  close(): void {
    this.#isClosed = true;
    this.#nextSearch?.cancel();
    this.#quiet?.cancel();
  }

  // A few at a time: after the first has let us in, most of the others are members.
  #join(): void {
    if (this.#isJoining || this.#isClosed) return;
    const strangers = [...this.#found].filter(([, host]) => !this.#actions.isMember(host));
    const next = new Map(strangers.slice(0, hostsPerJoin));
    this.#found.clear();
    for (const [address, host] of strangers.slice(hostsPerJoin)) this.#found.set(address, host);
    if (next.size === 0) return;
    this.#isJoining = true;
    this.#actions.join([...next.values()], () => {
      this.#isJoining = false;
      this.#join();
    });
  }
}

/** Upstream: mdnsPollInterval. */
const searchIntervalMs = 60_000;
/** Upstream: mdnsQuietInterval. */
const quietMs = 100;
const foundMax = 1024;
/** One that does not answer takes ten seconds, and joins asked for by operators wait behind it. */
const hostsPerJoin = 16;
