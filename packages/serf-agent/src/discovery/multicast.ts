// The sockets of multicast DNS, one for each family of addresses. `node:dgram` and not `multicast-dns`, which
// knows one family and one kind of socket: docs/decisions/0008-discovery.md.
//
// A listener shares port 5353 with whoever else speaks multicast DNS on this machine, and answers from
// there; an asker has a port of its own, to which answers come. No name is ever looked up.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { getSystemErrorMap } from 'node:util';
import { errorCode, interfaceAddresses, passLiteral } from '@reeve/runtime/node';
import { errorText } from '../error-text.ts';

/** One family of addresses and what multicast DNS uses of it. */
export interface Family {
  readonly name: 'IPv4' | 'IPv6';
  readonly socket: 'udp4' | 'udp6';
  /** All addresses of the machine. */
  readonly any: string;
  /** Where queries are sent. */
  readonly group: string;
}

/** IPv4 and IPv6. */
export const families: readonly Family[] = [
  { name: 'IPv4', socket: 'udp4', any: '0.0.0.0', group: '224.0.0.251' },
  { name: 'IPv6', socket: 'udp6', any: '::', group: 'ff02::fb' },
];

/** Where a packet came from, and answers go. */
export type Sender = Pick<RemoteInfo, 'address' | 'port'>;

/** A socket that is open. */
export class MulticastSocket {
  readonly family: Family;
  readonly #socket: Socket;
  #isOpen = true;

  constructor(family: Family, socket: Socket) {
    this.family = family;
    this.#socket = socket;
    // A failed receive is about one datagram of somebody else's; the socket goes on.
    socket.on('error', () => {});
  }

  /** Hands every packet to `handle`, as plain bytes. */
  onPacket(handle: (packet: Uint8Array, from: Sender) => void): void {
    this.#socket.on('message', ({ buffer, byteOffset, byteLength }, from) => {
      handle(new Uint8Array(buffer, byteOffset, byteLength), from);
    });
  }

  /** Sends to one host; failures are lost like packets. A queue that does not move takes no more. */
  answer(packet: Uint8Array, to: Sender): void {
    if (!this.#isOpen || this.#socket.getSendQueueSize() > sendQueueBytesMax) return;
    if (to.port === 0) return; // a packet may claim it, and Node throws when told to send there
    this.#socket.send(packet, to.port, to.address, () => {});
  }

  /** Sends to all listeners. Rejects with the system's reason. */
  ask(packet: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) return resolve();
      this.#socket.send(packet, port, this.family.group, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.close();
  }
}

/** A socket that hears what is sent to all, on an interface or the system's choice. Rejects if it cannot. */
export function openListener(family: Family, onInterface: string): Promise<MulticastSocket> {
  return open(family, port, (socket) => {
    socket.addMembership(family.group, interfaceOption(family, onInterface));
  });
}

/** A socket to ask all from, on one interface or the system's choice. */
export function openAsker(family: Family, onInterface: string): Promise<MulticastSocket> {
  return open(family, 0, (socket) => {
    const option = interfaceOption(family, onInterface);
    if (option !== undefined) socket.setMulticastInterface(option);
  });
}

/** What is wrong with a family, in words. */
export function failureText({ name }: Family, error: unknown): string {
  if (errorCode(error) === 'ENODEV') return `${name}: no route for multicast`;
  const number = error instanceof Error && 'errno' in error ? error.errno : undefined;
  const [, reason] = (typeof number === 'number' && getSystemErrorMap().get(number)) || [];
  return `${name}: ${reason ?? errorText(error)}`;
}

async function open(
  family: Family,
  atPort: number,
  prepare: (socket: Socket) => void,
): Promise<MulticastSocket> {
  const isV6 = family.socket === 'udp6';
  const socket = createSocket({ type: family.socket, reuseAddr: true, ipv6Only: isV6, lookup: passLiteral });
  try {
    const isListening = once(socket, 'listening'); // which may be told inside of bind
    // Bound to all addresses: a socket bound to one hears nothing that is sent to a group.
    socket.bind({ port: atPort, address: family.any, exclusive: true });
    await isListening;
    prepare(socket);
  } catch (error) {
    socket.close();
    throw error;
  }
  return new MulticastSocket(family, socket);
}

// The system knows an interface by one of its IPv4 addresses, or by its name as the zone of an IPv6 one.
function interfaceOption(family: Family, name: string): string | undefined {
  if (name === '') return undefined;
  if (family.name === 'IPv6') return `::%${name}`;
  const address = interfaceAddresses(name)?.find(({ host }) => !host.includes(':'));
  if (address === undefined) throw new Error(`interface ${name} has no address`);
  return address.host;
}

const port = 5353;
const sendQueueBytesMax = 64 * 1024;
