// What lies between the machines: latency, loss, partitions, names, and the tests that watch.
//
// Addresses are whole machines here; sockets and streams are in packets.ts and streams.ts. A fault is set by
// a call that returns how to end it. Packets meet every fault once, when they are sent; streams meet latency
// and cuts only, which hold them up, as TCP repeats what is lost.

import type { Endpoint } from '../network.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Sees, or judges, one datagram. The bytes must not be changed. */
export type PacketWatcher<Verdict = void> = (packet: Uint8Array, from: Endpoint, to: Endpoint) => Verdict;

/** Sees one datagram and what becomes of it. */
export type FlightWatcher = (
  packet: Uint8Array,
  from: Endpoint,
  to: Endpoint,
  /** How long each copy that arrives will travel, milliseconds; none when the datagram is lost. */
  travelMs: readonly number[],
) => void;

/**
 * Changes what becomes of a datagram: takes the travel times of its copies, returns others. Before the first
 * shaper there is one copy; none left means lost, two delivered twice.
 */
export type PacketShaper = (travelMs: readonly number[], from: Endpoint, to: Endpoint) => readonly number[];

/** How long something takes from one machine, by address, to another, milliseconds. */
export type LatencyModel = (fromIp: string, toIp: string) => number;

/** A machine, or several on the same side of a fault: `VirtualHost`s have such an `ip`. */
export type Machines = { readonly ip: string } | readonly { readonly ip: string }[];

/** The network of a virtual world. */
export class VirtualNetwork {
  /** What names resolve to, host names of the world included. */
  readonly names = new Map<string, readonly string[]>();
  /** How long a datagram or a segment of a stream takes. At first the world's latency and up to half more. */
  latency: LatencyModel;
  readonly #random: SeededRandom;
  readonly #packetWatchers = new Set<FlightWatcher>();
  readonly #streamWatchers = new Set<PacketWatcher>();
  readonly #droppers = new Set<PacketWatcher<boolean>>();
  readonly #shapers = new Set<PacketShaper>();
  readonly #cuts = new Set<(from: string, to: string) => boolean>();

  constructor(random: SeededRandom, latencyMs: number) {
    this.#random = random;
    this.latency = () => latencyMs * (1 + random.float() / 2);
  }

  /** Shows every datagram that is sent, also those that get lost. Returns how to stop. */
  onPacket(watcher: FlightWatcher): () => void {
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

  /**
   * Delays, repeats or loses datagrams; shapers act in the order in which they were set. Returns how to stop.
   */
  shapePackets(shaper: PacketShaper): () => void {
    return enter(this.#shapers, shaper);
  }

  /** Lets nothing pass between `a` and `b`, by default everybody else. Returns how to heal it. */
  partition(a: Machines, b?: Machines): () => void {
    const crosses = crossing(a, b);
    return enter(this.#cuts, (from: string, to: string) => crosses(from, to) || crosses(to, from));
  }

  /**
   * Lets nothing pass from `a` to `b`, by default everybody else; the way back stays. Returns how to heal it.
   */
  cut(a: Machines, b?: Machines): () => void {
    return enter(this.#cuts, crossing(a, b));
  }

  /** Ends all partitions, cuts, losses and shapers. */
  heal(): void {
    this.#cuts.clear();
    this.#droppers.clear();
    this.#shapers.clear();
  }

  /** True when nothing passes from one machine to another. */
  separated(fromIp: string, toIp: string): boolean {
    for (const isCut of this.#cuts) if (isCut(fromIp, toIp)) return true;
    return false;
  }

  /**
   * Decides what becomes of a datagram from one machine to another, undefined when there is none at `to`, and
   * shows it to the watchers. Returns the travel times of its copies.
   */
  launch(
    packet: Uint8Array,
    from: Endpoint,
    to: Endpoint,
    fromIp: string,
    toIp: string | undefined,
  ): readonly number[] {
    const travelMs = this.#flightOf(packet, from, to, fromIp, toIp);
    for (const watcher of this.#packetWatchers) watcher(packet, from, to, travelMs);
    return travelMs;
  }

  /** Shows the watchers what is written to a stream. */
  showStreamBytes(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    for (const watcher of this.#streamWatchers) watcher(bytes, from, to);
  }

  /**
   * Where to cut what has arrived on a stream: 1 to `available` bytes, 64 KiB at most, quite often all of
   * them.
   */
  chunkBytes(available: number): number {
    const most = Math.min(available, 65_536);
    return this.#random.float() < 0.5 ? most : 1 + this.#random.below(most);
  }

  #flightOf(
    packet: Uint8Array,
    from: Endpoint,
    to: Endpoint,
    fromIp: string,
    toIp: string | undefined,
  ): readonly number[] {
    for (const isLost of this.#droppers) if (isLost(packet, from, to)) return lost;
    if (toIp === undefined || this.separated(fromIp, toIp)) return lost;
    let travelMs: readonly number[] = [this.latency(fromIp, toIp)];
    for (const shaper of this.#shapers) travelMs = shaper(travelMs, from, to);
    return travelMs;
  }
}

function enter<T>(set: Set<T>, entry: T): () => void {
  set.add(entry);
  return () => set.delete(entry);
}

/** Whether something on its way crosses from the machines of `a` to those of `b`. */
function crossing(a: Machines, b: Machines | undefined): (from: string, to: string) => boolean {
  const inA = addresses(a);
  const inB = b === undefined ? undefined : addresses(b);
  return (from, to) => inA.has(from) && (inB === undefined ? !inA.has(to) : inB.has(to));
}

function addresses(machines: Machines): ReadonlySet<string> {
  return new Set('ip' in machines ? [machines.ip] : machines.map(({ ip }) => ip));
}

const lost: readonly number[] = [];
