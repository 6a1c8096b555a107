// What lies between the machines: latency, loss, partitions, names, and the tests that watch.
//
// Addresses are whole machines here; sockets and streams are in packets.ts and streams.ts. A fault is set by
// a call that returns how to end it. Packets meet every fault once, when they are sent; streams are only held
// up by partitions, as TCP repeats what is lost.

import type { Endpoint } from '../network.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Sees, or judges, one datagram. The bytes must not be changed. */
export type PacketWatcher<Verdict = void> = (packet: Uint8Array, from: Endpoint, to: Endpoint) => Verdict;

/** A machine, or several on the same side of a fault: `VirtualHost`s have such an `ip`. */
export type Machines = { readonly ip: string } | readonly { readonly ip: string }[];

/** The network of a virtual world. */
export class VirtualNetwork {
  /** What names resolve to, host names of the world included. */
  readonly names = new Map<string, readonly string[]>();
  readonly #random: SeededRandom;
  readonly #latencyMs: number;
  readonly #packetWatchers = new Set<PacketWatcher>();
  readonly #streamWatchers = new Set<PacketWatcher>();
  readonly #droppers = new Set<PacketWatcher<boolean>>();
  readonly #partitions = new Set<(a: string, b: string) => boolean>();

  constructor(random: SeededRandom, latencyMs: number) {
    this.#random = random;
    this.#latencyMs = latencyMs;
  }

  /** Shows every datagram that is sent, also those that get lost. Returns how to stop. */
  onPacket(watcher: PacketWatcher): () => void {
    return enter(this.#packetWatchers, watcher);
  }

  /** Shows everything that is written to streams, write by write. Returns how to stop. */
  onStreamBytes(watcher: PacketWatcher): () => void {
    return enter(this.#streamWatchers, watcher);
  }

  /** Loses the datagrams for which `isLost` says so. Returns how to stop. */
  dropPackets(isLost: PacketWatcher<boolean>): () => void {
    return enter(this.#droppers, isLost);
  }

  /** Lets nothing pass between `a` and `b`, by default everybody else. Returns how to heal it. */
  partition(a: Machines, b?: Machines): () => void {
    const [inA, inB] = [addresses(a), b === undefined ? undefined : addresses(b)];
    const crosses = (from: string, to: string) =>
      inA.has(from) && (inB === undefined ? !inA.has(to) : inB.has(to));
    return enter(this.#partitions, (from: string, to: string) => crosses(from, to) || crosses(to, from));
  }

  /** Ends all partitions and all loss. */
  heal(): void {
    this.#partitions.clear();
    this.#droppers.clear();
  }

  /** True when nothing passes between two machines. */
  separated(fromIp: string, toIp: string): boolean {
    for (const isCut of this.#partitions) if (isCut(fromIp, toIp)) return true;
    return false;
  }

  /** Shows a datagram to the watchers; true when the faults set let it through. */
  passes(packet: Uint8Array, from: Endpoint, to: Endpoint): boolean {
    for (const watcher of this.#packetWatchers) watcher(packet, from, to);
    for (const isLost of this.#droppers) if (isLost(packet, from, to)) return false;
    return true;
  }

  /** Shows the watchers what is written to a stream. */
  showStreamBytes(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    for (const watcher of this.#streamWatchers) watcher(bytes, from, to);
  }

  /** How long the next thing travels: the latency and up to half of it more. */
  travelMs(): number {
    return this.#latencyMs * (1 + this.#random.float() / 2);
  }

  /**
   * Where to cut what has arrived on a stream: 1 to `available` bytes, 64 KiB at most, quite often all of
   * them.
   */
  chunkBytes(available: number): number {
    const most = Math.min(available, 65_536);
    return this.#random.float() < 0.5 ? most : 1 + this.#random.below(most);
  }
}

function enter<T>(set: Set<T>, entry: T): () => void {
  set.add(entry);
  return () => set.delete(entry);
}

function addresses(machines: Machines): ReadonlySet<string> {
  return new Set('ip' in machines ? [machines.ip] : machines.map(({ ip }) => ip));
}
