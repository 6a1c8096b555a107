// Seeds: the addresses by which this node was told to find the cluster, in joins and by its snapshot.
// Ours: upstream forgets them as soon as it has tried them. Next: try-seeds.ts, what they are for.

import { type JoinAddress, parseJoinAddress } from '@reeve/memberlist';
import { AddressError, type Endpoint } from '@reeve/runtime';

/** The latest addresses we were given. */
export class Seeds {
  // Bounded by seedsMax, oldest first.
  readonly #addresses = new Set<string>();
  readonly #seedsMax: number;

  constructor(seedsMax: number) {
    this.#seedsMax = seedsMax;
  }

  get all(): readonly string[] {
    return [...this.#addresses];
  }

  remember(addresses: readonly string[]): void {
    for (const address of addresses.slice(-this.#seedsMax)) {
      this.#addresses.delete(address); // so that it moves to the end
      this.#addresses.add(address);
    }
    const surplus = Math.max(this.#addresses.size - this.#seedsMax, 0);
    for (const address of this.all.slice(0, surplus)) this.#addresses.delete(address);
  }

  /** Who was there has left on purpose: it is not to be looked for. Addresses with host names stay. */
  forget(left: Endpoint): void {
    for (const address of this.all) {
      const { host, port } = parseSeed(address, left.port) ?? {};
      if (host === left.host && port === left.port) this.#addresses.delete(address);
    }
  }
}

/** Takes an address apart; undefined when it is none. */
export function parseSeed(address: string, defaultPort: number): JoinAddress | undefined {
  try {
    return parseJoinAddress(address, defaultPort);
  } catch (error) {
    if (error instanceof AddressError) return undefined;
    throw error;
  }
}
