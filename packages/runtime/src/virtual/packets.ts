// Datagrams in the virtual world: sent once, late, perhaps lost, never repeated.
//
// Each receiver gets its own copy, so that code which changes a packet after sending it is found out.

import { bindFailure, familyFailure, sendFailure } from '../failures.ts';
import type { Endpoint, NetworkError, PacketSocket, Result } from '../network.ts';
import { chooseAddress, type Machine, type ReceivePacket, sourceAddress } from './machine.ts';
import { isWildcard } from './ports.ts';

/** `Network.bindPackets` on one machine. */
export function bindPackets(
  machine: Machine,
  at: Endpoint,
  onPacket: ReceivePacket,
  done: (result: Result<PacketSocket, NetworkError>) => void,
): void {
  machine.life.later(0, () => {
    const local = chooseAddress(machine, machine.udp, at);
    if (typeof local === 'string') return done({ ok: false, error: bindFailure('udp', at, local) });
    const receive: ReceivePacket = (packet, from) => onPacket(packet, from);
    machine.udp.bind(local, receive);
    done({ ok: true, value: new VirtualPacketSocket(machine, local, receive) });
  });
}

class VirtualPacketSocket implements PacketSocket {
  readonly local: Endpoint;
  readonly #machine: Machine;
  readonly #receive: ReceivePacket;
  #isOpen = true;

  constructor(machine: Machine, local: Endpoint, receive: ReceivePacket) {
    this.#machine = machine;
    this.local = local;
    this.#receive = receive;
  }

  send(packet: Uint8Array, to: Endpoint, onFailure?: (error: NetworkError) => void): void {
    if (!this.#isOpen || !this.#machine.life.alive) return;
    const error = this.#refusal(packet, to);
    if (error === undefined) {
      transmit(this.#machine, packet, this.local, to);
      return;
    }
    this.#machine.life.later(0, () => {
      if (this.#isOpen) onFailure?.(error);
    });
  }

  close(): void {
    this.#isOpen = false;
    this.#machine.udp.release(this.local, this.#receive);
  }

  #refusal(packet: Uint8Array, to: Endpoint): NetworkError | undefined {
    if (!isWildcard(this.local.host) && this.local.host.includes('.') && to.host.includes(':')) {
      return familyFailure(this.local, to);
    }
    if (packet.length > packetBytesMax) return sendFailure(this.local, to, 'EMSGSIZE');
    if (to.port === 0) return sendFailure(this.local, to, 'EINVAL');
    return undefined;
  }
}

function transmit(machine: Machine, packet: Uint8Array, boundTo: Endpoint, to: Endpoint): void {
  const from = { host: sourceAddress(machine, boundTo.host, to.host), port: boundTo.port };
  const passes = machine.network.passes(packet, from, to);
  const targetIp = machine.route(to.host)?.ip;
  if (!passes || targetIp === undefined || machine.network.separated(machine.ip, targetIp)) return;
  machine.agenda.after(machine.network.travelMs(), () => {
    const target = machine.route(to.host);
    target?.udp.find(to)?.(packet.slice(), from);
  });
}

/** What fits an IPv4 datagram: 65,535 bytes less the headers of IP and UDP. */
const packetBytesMax = 65_507;
