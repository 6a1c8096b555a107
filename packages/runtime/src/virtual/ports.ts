// Which sockets are bound on one machine, for one protocol (TCP or UDP).
//
// As on Linux without SO_REUSEADDR: two sockets may share a port only on different addresses, and the
// wildcard addresses overlap with every other.

import type { Endpoint } from '../network.ts';

/** True for `0.0.0.0` and `::`, which stand for all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The bound sockets of one protocol. */
export class PortTable<Socket> {
  readonly #bound = new Map<number, { host: string; socket: Socket }[]>();
  #nextEphemeral = ephemeralMin;

  /**
   * Where a socket that asks for `at` would be bound: port 0 is chosen; undefined when the address is in use.
   */
  choose(at: Endpoint): Endpoint | undefined {
    if (at.port !== 0) return this.#isFree(at) ? at : undefined;
    for (let tried = ephemeralMin; tried < ephemeralEnd; tried++) {
      const candidate = { host: at.host, port: this.ephemeralPort() };
      if (this.#isFree(candidate)) return candidate;
    }
    return undefined;
  }

  /** The next port for a socket that does not care. Dialled streams may share one with a listener. */
  ephemeralPort(): number {
    const port = this.#nextEphemeral++;
    if (this.#nextEphemeral === ephemeralEnd) this.#nextEphemeral = ephemeralMin;
    return port;
  }

  /** Enters a socket at an address that `choose` returned. */
  bind(at: Endpoint, socket: Socket): void {
    const sharers = this.#bound.get(at.port) ?? [];
    sharers.push({ host: at.host, socket });
    this.#bound.set(at.port, sharers);
  }

  /** The socket that hears what is sent to `to`. */
  find(to: Endpoint): Socket | undefined {
    const sharers = this.#bound.get(to.port) ?? [];
    return sharers.find(({ host }) => host === to.host || isWildcard(host))?.socket;
  }

  /** Forgets a socket; does nothing when it is not bound any more. */
  release(at: Endpoint, socket: Socket): void {
    const sharers = this.#bound.get(at.port)?.filter((sharer) => sharer.socket !== socket) ?? [];
    if (sharers.length > 0) this.#bound.set(at.port, sharers);
    else this.#bound.delete(at.port);
  }

  #isFree(at: Endpoint): boolean {
    const sharers = this.#bound.get(at.port) ?? [];
    return !sharers.some(({ host }) => host === at.host || isWildcard(host) || isWildcard(at.host));
  }
}

/** Linux's default range for ports the system chooses. */
const ephemeralMin = 32_768;
const ephemeralEnd = 61_000;
