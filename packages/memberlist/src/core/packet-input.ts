// Packets in: takes the layers off and hands each message to its rule. Upstream: memberlist net.go
// (ingestPacket, handleCommand, handleCompound, handleCompressed). The only switch over packet messages.
// A packet may hold compounds and compressed messages in each other. Bounded: nesting by nestingMax, messages
// by messagesMax, what it decompresses to, all parts together, by limits.packetPlainBytesMax.
// Rules run at once, in the order in which messages stand in the packet, but accusations after everything
// else: memberlist's messages come first in a packet, and a leave intent of the layer above must be known
// before the goodbye it explains. Upstream gets there by queueing all of them for a second thread, newest
// first. Next: the rule files.

import { DecodeError, MsgpackReader } from '@reeve/bytes';
import { type Endpoint, endpointText } from '@reeve/runtime';
import { onDead, onSuspect } from './accusation.ts';
import { applyAlive } from './alive.ts';
import { answerIndirectPing, answerPing } from './answer-ping.ts';
import type { Machine } from './machine.ts';
import { decodeCompound } from './wire/compound.ts';
import { decompressBody } from './wire/compress.ts';
import { messageTypes } from './wire/message-types.ts';
import {
  ackCodec,
  aliveCodec,
  decodeBody,
  indirectPingCodec,
  nackCodec,
  pingCodec,
  suspectCodec,
} from './wire/messages.ts';
import { unwrapPacket } from './wire/packet.ts';

/** Takes one packet. Never throws because of what is in it. */
export function onPacket(machine: Machine, packet: Uint8Array, from: Endpoint): void {
  machine.runtime.metrics.count('memberlist.udp.received', packet.length);
  machine.takeInput(() => {
    const payload = unwrapPacket(machine.layers, packet, from);
    if (!(payload instanceof Uint8Array)) return machine.onBadInput(payload.level, payload.reason);
    machine.silence.end();
    new PacketInput(machine, from).onPayload(payload);
  });
}

class PacketInput {
  readonly #machine: Machine;
  readonly #from: Endpoint;
  #messagesLeft = messagesMax;
  #plainBytesLeft: number;
  // Bounded by messagesMax.
  readonly #accusations: (() => void)[] = [];

  constructor(machine: Machine, from: Endpoint) {
    this.#machine = machine;
    this.#from = from;
    this.#plainBytesLeft = machine.config.limits.packetPlainBytesMax;
  }

  onPayload(payload: Uint8Array): void {
    this.#onMessage(payload, 0);
    for (const applyAccusation of this.#accusations) applyAccusation();
  }

  #onMessage(message: Uint8Array, nesting: number): void {
    const type = message[0];
    if (type === undefined) return this.#refuse('missing message type byte');
    if (nesting > nestingMax) return this.#refuse('messages are nested too deeply');
    if (this.#messagesLeft === 0) return this.#refuse('too many messages in one packet');
    this.#messagesLeft -= 1;
    try {
      this.#dispatch(type, message.subarray(1), nesting);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(`Failed to ${whatFails[type] ?? 'decode message'}: ${error.message}`);
    }
  }

  #dispatch(type: number, body: Uint8Array, nesting: number): void {
    const machine = this.#machine;
    switch (type) {
      case messageTypes.ping:
        return answerPing(machine, decodeBody(pingCodec, body), this.#from);
      case messageTypes.indirectPing:
        return answerIndirectPing(machine, decodeBody(indirectPingCodec, body), this.#from);
      case messageTypes.ack: {
        const { sequence, payload } = decodeBody(ackCodec, body);
        return machine.acks.onAck(sequence, payload);
      }
      case messageTypes.nack:
        return machine.acks.onNack(decodeBody(nackCodec, body).sequence);
      case messageTypes.suspect: {
        const suspect = decodeBody(suspectCodec, body);
        this.#accusations.push(() => onSuspect(machine, suspect));
        return;
      }
      case messageTypes.alive:
        return applyAlive(machine, decodeBody(aliveCodec, body));
      case messageTypes.dead: {
        const dead = decodeBody(suspectCodec, body);
        this.#accusations.push(() => onDead(machine, dead));
        return;
      }
      case messageTypes.user:
        return machine.delegate.onUserMessage(body, this.#from);
      case messageTypes.compound:
        return this.#onCompound(body, nesting);
      case messageTypes.compress:
        return this.#onCompressed(body, nesting);
      default:
        return this.#refuse(`msg type (${type}) not supported`);
    }
  }

  #onCompound(body: Uint8Array, nesting: number): void {
    const { parts, truncated } = decodeCompound(body);
    if (truncated > 0) {
      const text = `Compound request had ${truncated} truncated messages from=${endpointText(this.#from)}`;
      this.#machine.onBadInput('warn', text);
    }
    for (const part of parts) this.#onMessage(part, nesting + 1);
  }

  #onCompressed(body: Uint8Array, nesting: number): void {
    const plain = decompressBody(new MsgpackReader(body), this.#plainBytesLeft);
    this.#plainBytesLeft -= plain.length;
    this.#onMessage(plain, nesting + 1);
  }

  #refuse(reason: string): void {
    this.#machine.onBadInput('err', `${reason} from=${endpointText(this.#from)}`);
  }
}

/** What could not be done with a broken message, in the original's words. */
const whatFails: Readonly<Record<number, string>> = {
  [messageTypes.ping]: 'decode ping request',
  [messageTypes.indirectPing]: 'decode indirect ping request',
  [messageTypes.ack]: 'decode ack response',
  [messageTypes.nack]: 'decode nack response',
  [messageTypes.suspect]: 'decode suspect message',
  [messageTypes.alive]: 'decode alive message',
  [messageTypes.dead]: 'decode dead message',
  [messageTypes.compound]: 'decode compound request',
  [messageTypes.compress]: 'decompress payload',
};

/** Honest packets need two: compressed, compound. */
const nestingMax = 8;
/** Honest packets hold one compound, which counts at most 255 parts. */
const messagesMax = 512;
