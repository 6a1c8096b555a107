// Datagrams over node:dgram.
//
// Sockets have the family of the address they are bound to; one bound to `::` also speaks IPv4, as in the
// original, and shows such peers by their IPv4 address. Names never get here: every address is an IP literal,
// so that nothing has to be looked up when a packet is sent.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { familyFailure, receiveFailure, sendFailure } from '../failures.ts';
import type { Endpoint, NetworkError, PacketSocket, Result } from '../network.ts';
import { passLiteral, unmapped } from './addresses.ts';
import { bindSocket, type OpenSocket } from './binding.ts';
import { PacketQueue } from './packet-queue.ts';
import { errorCall, errorCode } from './system-error.ts';

/** `Network.bindPackets`. */
export function bindPackets(
  at: Endpoint,
  onPacket: (packet: Uint8Array, from: Endpoint) => void,
  done: (result: Result<PacketSocket, NetworkError>) => void,
  onFailure?: (error: NetworkError) => void,
): void {
  const open: OpenSocket<PacketSocket> = (host, onOpen, onError) => {
    const socket = createSocket({ type: isIPv4(host) ? 'udp4' : 'udp6', lookup: passLiteral });
    const fail = (error: unknown) => {
      socket.close();
      onError(error);
    };
    socket.once('error', fail);
    socket.once('listening', () => {
      socket.off('error', fail);
      const packets = new NodePacketSocket(socket, at.host, onPacket);
      socket.on('error', (error) => {
        if (errorCall(error) === 'send') return; // nobody wanted to hear of it
        onFailure?.(receiveFailure(packets.local, errorCode(error), error));
      });
      onOpen(packets);
    });
    process.nextTick(() => socket.bind({ port: at.port, address: host, exclusive: true }));
  };
  bindSocket('udp', at, open, done);
}

class NodePacketSocket implements PacketSocket {
  readonly local: Endpoint;
  /** What the system calls it: `::` for all addresses. */
  readonly #source: Endpoint;
  readonly #socket: Socket;
  readonly #isIPv4: boolean;
  readonly #received: PacketQueue;
  #isOpen = true;

  /** `host` is the address that was asked for. */
  constructor(socket: Socket, host: string, onPacket: (packet: Uint8Array, from: Endpoint) => void) {
    const { address, port, family } = socket.address();
    this.local = { host, port };
    this.#source = { host: address, port };
    this.#socket = socket;
    this.#isIPv4 = family === 'IPv4';
    this.#received = new PacketQueue(onPacket);
    socket.on('message', (packet, from) => this.#receive(packet, from));
    growReceiveBuffer(socket);
  }

  send(packet: Uint8Array, to: Endpoint, onFailure?: (error: NetworkError) => void): void {
    if (!this.#isOpen) return;
    const toIPv6 = to.host.includes(':');
    if (this.#isIPv4 && toIPv6) {
      process.nextTick(() => this.#fail(familyFailure(this.#source, to), onFailure));
      return;
    }
    const host = this.#isIPv4 || toIPv6 ? to.host : `::ffff:${to.host}`;
    const onSent = (error: Error | null) => {
      if (error !== null) this.#fail(sendFailure(this.#source, to, errorCode(error), error), onFailure);
    };
    try {
      this.#socket.send(packet, to.port, host, onFailure && onSent);
    } catch (error) {
      process.nextTick(() => this.#fail(sendFailure(this.#source, to, errorCode(error), error), onFailure));
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#received.clear();
    this.#socket.close();
  }

  #fail(error: NetworkError, onFailure: ((error: NetworkError) => void) | undefined): void {
    if (this.#isOpen) onFailure?.(error);
  }

  /** Node reads each datagram into memory of its own, so it can be handed over; but as plain bytes. */
  #receive(packet: Buffer, from: RemoteInfo): void {
    const bytes = new Uint8Array(packet.buffer, packet.byteOffset, packet.byteLength);
    this.#received.add(bytes, { host: unmapped(from.address), port: from.port });
  }
}

/** What memberlist does: asks for much, and takes what the system grants. */
function growReceiveBuffer(socket: Socket): void {
  for (let bytes = receiveBufferBytes; bytes > 0; bytes >>= 1) {
    try {
      socket.setRecvBufferSize(bytes);
      return;
    } catch {
      // Too large here: half of it then.
    }
  }
}

const receiveBufferBytes = 2 * 1024 * 1024;
