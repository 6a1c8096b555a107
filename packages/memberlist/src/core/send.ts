// Packets out. Every direct message takes along as many broadcasts as still fit (SWIM section 4.1).
// Upstream: memberlist net.go (sendMsg, rawSendMsgPacket), memberlist.go (getBroadcasts).
// Next: wire/packet.ts for the layers.

import type { Endpoint, NetworkError } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { compoundHeaderBytes, compoundPartBytes, encodeCompounds } from './wire/compound.ts';
import { packetOverheadBytes } from './wire/layers.ts';
import { messageTypes } from './wire/message-types.ts';
import { wrapPacket } from './wire/packet.ts';

/** Sends one message, what belongs to it and, in the space that is left, broadcasts. */
export function sendMessage(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  onFailure: (error: NetworkError) => void,
  belonging: readonly Uint8Array[] = [],
): void {
  const belongingBytes = belonging.reduce((sum, { length }) => sum + compoundPartBytes + length, 0);
  const freeBytes = broadcastSpaceBytes(machine) - message.length - belongingBytes;
  const messages = [message, ...belonging, ...takeBroadcasts(machine, freeBytes)];
  for (const packet of encodePackets(messages)) sendUnchecked(machine, to, packet, onFailure);
}

/** Sends a message of the layer above, alone. */
export function sendUserMessage(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  onFailure: (error: NetworkError) => void,
): void {
  sendUnchecked(machine, to, asUserMessage(message), onFailure);
}

/** Sends messages as they are, with a checksum if the receiver understands it. */
export function sendPacket(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  checksum: boolean,
  onFailure: (error: NetworkError) => void,
): void {
  const packet = wrapPacket(machine.layers, message, checksum);
  machine.runtime.metrics.count('memberlist.udp.sent', packet.length);
  machine.transport?.send(packet, to, onFailure);
}

/**
 * Broadcasts that fit into `freeBytes`: of ours, and in what space is left of the layer above. When ours fill
 * many packets, as when thousands of members are made up, the layer above chooses first every other time;
 * upstream's would wait until all of ours are sent, for minutes.
 */
export function takeBroadcasts(machine: Machine, freeBytes: number): Uint8Array[] {
  if (!machine.letsUserFirst()) {
    const own = takeOwn(machine, freeBytes);
    return [...own, ...takeUsers(machine, freeBytes - packedBytes(own))];
  }
  const users = takeUsers(machine, freeBytes);
  return [...takeOwn(machine, freeBytes - packedBytes(users)), ...users];
}

/** The same for a packet that would not be sent otherwise; nothing if it can wait for one that is. */
export function takeNews(machine: Machine, freeBytes: number): Uint8Array[] {
  return machine.broadcasts.hasNews ? takeBroadcasts(machine, freeBytes) : takeUsers(machine, freeBytes);
}

function takeOwn(machine: Machine, freeBytes: number): Uint8Array[] {
  return machine.broadcasts.take(compoundPartBytes, freeBytes);
}

function takeUsers(machine: Machine, freeBytes: number): Uint8Array[] {
  const overheadBytes = compoundPartBytes + userMessageOverheadBytes;
  if (freeBytes <= overheadBytes) return [];
  return machine.delegate.takeBroadcasts(overheadBytes, freeBytes).map(asUserMessage);
}

function packedBytes(messages: readonly Uint8Array[]): number {
  return messages.reduce((sum, { length }) => sum + compoundPartBytes + length, 0);
}

/** How many bytes of broadcasts a packet of nothing else has room for. */
export function broadcastSpaceBytes(machine: Machine): number {
  return machine.config.packetBytesMax - compoundHeaderBytes - packetOverheadBytes(machine.layers);
}

/** The longest message of the layer above that gossip can carry. */
export function userBroadcastBytesMax(machine: Machine): number {
  return broadcastSpaceBytes(machine) - compoundPartBytes - userMessageOverheadBytes;
}

/** One message goes bare, several in as few compounds as possible. */
export function encodePackets(messages: readonly Uint8Array[]): readonly Uint8Array[] {
  return messages.length === 1 ? messages : encodeCompounds(messages);
}

/**
 * Sends to an address instead of a member, so nobody knows whether checksums are understood there. Quirk: the
 * original looks the address up among the *names*.
 */
function sendUnchecked(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  onFailure: (error: NetworkError) => void,
): void {
  const namedByItsAddress = machine.table.get(to.host);
  const checksum = namedByItsAddress !== undefined && namedByItsAddress.versions.pMax >= checksumProtocol;
  sendPacket(machine, to, message, checksum, onFailure);
}

/** A message of the layer above, behind its type byte. */
function asUserMessage(message: Uint8Array): Uint8Array {
  const packet = new Uint8Array(userMessageOverheadBytes + message.length);
  packet[0] = messageTypes.user;
  packet.set(message, userMessageOverheadBytes);
  return packet;
}

const userMessageOverheadBytes = 1;

/** Who understands this protocol version understands checksums. */
export const checksumProtocol = 5;
