// Somebody on the network who is no member, hears every packet, and sends what it likes to anybody. Its
// machine answers nothing. Next: attacks.ts, what it does.

import type { Random } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';

/** A hostile machine. */
export class Attacker {
  readonly host: VirtualHost;
  readonly random: Random;
  // The last packetsMax packets that nodes sent.
  readonly #heard: Uint8Array[] = [];

  constructor(world: VirtualWorld, random: Random) {
    this.random = random;
    this.host = world.host(attackerIp);
    world.network.onPacket((packet, from) => {
      if (from.host === attackerIp) return;
      this.#heard.push(packet.slice());
      if (this.#heard.length > 2 * packetsMax) this.#heard.splice(0, packetsMax);
    });
  }

  /** What was said lately, to be said again. */
  get heard(): readonly Uint8Array[] {
    return this.#heard.slice(-packetsMax);
  }

  /** Sends these packets to each of these machines, ten a millisecond. */
  send(to: readonly string[], packets: readonly Uint8Array[]): void {
    const { network, timers } = this.host.runtime;
    network.bindPackets(
      { host: attackerIp, port: 0 },
      () => {},
      (bound) => {
        if (!bound.ok) throw bound.error;
        for (const [index, packet] of packets.entries()) {
          timers.after(index / 10, () => {
            for (const host of to) bound.value.send(packet, { host, port });
          });
        }
      },
    );
  }

  /** Writes to a stream to each of these machines, reads nothing and does not close it. */
  push(to: readonly string[], bytes: Uint8Array): void {
    const handler = { onData: () => {}, onEnd: () => {}, onClosed: () => {} };
    for (const host of to) this.host.runtime.network.dial({ host, port }, dialMs, handler).write(bytes);
  }
}

/** Where the attacker is, and where it says that others are. */
export const attackerIp = '10.66.6.6';

const port = 7946;
const dialMs = 10_000;
const packetsMax = 2_000;
