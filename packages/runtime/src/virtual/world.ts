// A deterministic world in memory: machines, a network and a clock that only moves when it is told to.
//
// The same seed and the same calls give the same run, event by event. Nothing happens outside `run` and
// `runUntil`. Next: host.ts (what a machine offers), network.ts (faults), agenda.ts (time).

import { Agenda } from './agenda.ts';
import { VirtualHost } from './host.ts';
import type { Machine } from './machine.ts';
import { isAddress } from './names.ts';
import { VirtualNetwork } from './network.ts';
import { SeededRandom } from './seeded-random.ts';

/** How a world is made. */
export interface VirtualWorldOptions {
  /** Decides everything that chance decides. */
  readonly seed: number;
  /** How long a packet travels at least, milliseconds; up to half of it is added by chance. Default 1. */
  readonly latencyMs?: number;
}

/**
 * A virtual world.
 *
 * ```ts
 * const world = new VirtualWorld({ seed: 1 });
 * const node = createNode(world.host('10.0.0.1').runtime);
 * assert.ok(world.runUntil(() => node.isReady, 1_000));
 * ```
 */
export class VirtualWorld {
  /** Faults, names, and what is being sent. */
  readonly network: VirtualNetwork;
  readonly #agenda = new Agenda();
  readonly #random: SeededRandom;
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #machines = new Map<string, Machine>();
  readonly #watchers = new Set<(host: VirtualHost) => void>();

  constructor(options: VirtualWorldOptions) {
    this.#random = new SeededRandom(options.seed);
    this.network = new VirtualNetwork(this.#random.fork(), options.latencyMs ?? 1);
  }

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#agenda.now;
  }

  /**
   * The machine with an address or a name, made when it is asked for first. A new name gets the next address
   * of 10.0.0.0/8 and is entered in `network.names`.
   */
  host(nameOrIp: string): VirtualHost {
    const ip = isAddress(nameOrIp) ? nameOrIp : this.#addressOf(nameOrIp);
    const host = this.#hosts.get(ip) ?? this.#createHost(ip);
    this.#hosts.set(ip, host);
    return host;
  }

  /** Lets the next `forMs` milliseconds happen. What a callback throws comes out here. */
  run(forMs: number): void {
    this.#agenda.run(forMs);
  }

  /**
   * Lets time pass until `condition` holds, which is asked after each event; false if `limitMs` went by
   * first.
   */
  runUntil(condition: () => boolean, limitMs: number): boolean {
    return this.#agenda.runUntil(condition, limitMs);
  }

  /**
   * Shows each time the process of a machine was told something: a timer, a packet, a chunk, an answer. What
   * a watcher throws comes out of `run`. Returns how to stop.
   */
  onRan(watcher: (host: VirtualHost) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #addressOf(name: string): string {
    const known = this.network.names.get(name)?.[0];
    if (known !== undefined) return known;
    let ip: string;
    let number = this.#hosts.size;
    do {
      number++;
      ip = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
    } while (this.#hosts.has(ip));
    this.network.names.set(name, [ip]);
    return ip;
  }

  #createHost(ip: string): VirtualHost {
    return new VirtualHost({
      ip,
      agenda: this.#agenda,
      network: this.network,
      random: this.#random.fork(),
      machines: this.#machines,
      ran: (host) => {
        for (const watcher of this.#watchers) watcher(host);
      },
    });
  }
}
