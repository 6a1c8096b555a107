// What members send: bytes of datagrams and of streams, without the headers of IP, UDP and TCP. What gets
// lost has been sent, too.

import type { Simulation } from '../simulation.ts';

/** What members sent while the traffic was watched. */
export interface Traffic {
  /** The average of a member, bytes a second: datagrams. */
  readonly packetBytesPerSecond: number;
  /** The same: streams. */
  readonly streamBytesPerSecond: number;
  readonly packetsPerSecond: number;
  /** Both, of the member that sent most. */
  readonly busiestMemberBytesPerSecond: number;
  /** Both, an average member second by second. */
  readonly bytesPerSecond: readonly number[];
}

/** Watches a network from now on. */
export class TrafficMeter {
  readonly #simulation: Simulation;
  readonly #startMs: number;
  readonly #bytesOf = new Map<string, number>();
  // Bounded by the seconds of the run.
  readonly #bytesIn: number[] = [];
  readonly #stop: readonly (() => void)[];
  #packets = 0;
  #packetBytes = 0;
  #streamBytes = 0;

  constructor(simulation: Simulation) {
    const { network } = simulation.world;
    this.#simulation = simulation;
    this.#startMs = simulation.now;
    this.#stop = [
      network.onPacket((packet, from) => {
        this.#packets += 1;
        this.#packetBytes += packet.length;
        this.#count(from.host, packet.length);
      }),
      network.onStreamBytes((bytes, from) => {
        this.#streamBytes += bytes.length;
        this.#count(from.host, bytes.length);
      }),
    ];
  }

  /** Ends, and says what `members` of them have sent on average. */
  finish(members: number): Traffic {
    for (const stop of this.#stop) stop();
    const seconds = (this.#simulation.now - this.#startMs) / 1_000;
    const memberSeconds = members * seconds;
    const busiest = [...this.#bytesOf.values()].reduce((most, bytes) => Math.max(most, bytes), 0);
    return {
      packetBytesPerSecond: this.#packetBytes / memberSeconds,
      streamBytesPerSecond: this.#streamBytes / memberSeconds,
      packetsPerSecond: this.#packets / memberSeconds,
      busiestMemberBytesPerSecond: busiest / seconds,
      bytesPerSecond: Array.from(
        { length: Math.ceil(seconds) },
        (_, second) => (this.#bytesIn[second] ?? 0) / members,
      ),
    };
  }

  #count(host: string, bytes: number): void {
    const second = Math.floor((this.#simulation.now - this.#startMs) / 1_000);
    this.#bytesIn[second] = (this.#bytesIn[second] ?? 0) + bytes;
    this.#bytesOf.set(host, (this.#bytesOf.get(host) ?? 0) + bytes);
  }
}
