// Datagrams in the virtual world: sent, late, perhaps lost or repeated; see network.ts for what decides.
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
      this.#machine.life.whenSent(() => transmit(this.#machine, packet, this.local, to));
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
  const toIp = machine.route(to.host)?.ip;
  for (const travelMs of machine.network.launch(packet, from, to, machine.ip, toIp)) {
    machine.agenda.after(travelMs, () => receive(machine.route(to.host), packet.slice(), from, to));
  }
}

/** The kernel takes a datagram in, and drops it when the process is too far behind with reading. */
function receive(machine: Machine | undefined, packet: Uint8Array, from: Endpoint, to: Endpoint): void {
  if (machine === undefined || machine.life.waiting >= receiveBufferPackets) return;
  machine.life.whenHeard(() => machine.udp.find(to)?.(packet, from));
}

/** What fits an IPv4 datagram: 65,535 bytes less the headers of IP and UDP. */
const packetBytesMax = 65_507;
/** About how many small datagrams Linux's default receive buffer of 208 KiB holds. */
const receiveBufferPackets = 256;
