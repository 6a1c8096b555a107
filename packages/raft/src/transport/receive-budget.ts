// What messages of other servers may take of our memory, until they are answered. Raft's connections say
// nothing of who is there, and a message may be large. Who is in the configuration has a share that others
// cannot use up; all who are not, one together: a leader is among them only as long as we know nothing yet,
// or where its connections come from another address than its own. Upstream has no bound.

import { AddressError, splitHostPort } from '@reeve/runtime';
import type { Configuration } from '../core/index.ts';

/** Whether one of the servers has this address; what is no address is nobody's. */
export function isServerHost({ servers }: Configuration, host: string): boolean {
  return servers.some(({ address }) => {
    try {
      return splitHostPort(address).host === host;
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      return false;
    }
  });
}

/** The bytes that are held, by client. */
export class ReceiveBudget {
  readonly #isServer: (host: string) => boolean;
  /** Only those that hold something. */
  readonly #byHost = new Map<string, number>();

  /** @param isServer whether a server of the configuration has this address. */
  constructor(isServer: (host: string) => boolean) {
    this.#isServer = isServer;
  }

  /** More is held for a client, or (negative) less. */
  change(host: string, bytes: number): void {
    const held = (this.#byHost.get(host) ?? 0) + bytes;
    if (held > 0) this.#byHost.set(host, held);
    else this.#byHost.delete(host);
  }

  /** Whether more is held for a client than may be. */
  isExceededBy(host: string): boolean {
    const held = this.#byHost.get(host) ?? 0;
    if (held > clientBytesMax) return true;
    return held > 0 && !this.#isServer(host) && this.#strangersBytes > clientBytesMax;
  }

  get #strangersBytes(): number {
    let bytes = 0;
    for (const [host, held] of this.#byHost) if (!this.#isServer(host)) bytes += held;
    return bytes;
  }
}

/**
 * Two connections with the largest message each (one that broke, and the one that took its place), and what
 * waits for the disk.
 */
const clientBytesMax = 128 << 20;
