// Somebody who is no member: sends hand-made packets and streams, and keeps what comes back.

import assert from 'node:assert/strict';
import type { Endpoint, PacketSocket, Stream } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { encodeAck } from '../../dist/core/wire/messages.js';
import type { Member } from './member.ts';
import { ping, pingsIn } from './messages.ts';

/** A machine with a bare socket. */
export class Stranger {
  readonly world: VirtualWorld;
  readonly host: VirtualHost;
  /** Everything that came back, in order. */
  readonly packets: Uint8Array[] = [];
  /** Whether it answers pings, as a member would. */
  answersPings = false;
  readonly #socket: PacketSocket;

  constructor(world: VirtualWorld, ip: string, port = 7946) {
    this.world = world;
    this.host = world.host(ip);
    let socket: PacketSocket | undefined;
    const at = { host: ip, port };
    this.host.runtime.network.bindPackets(
      at,
      (packet, from) => this.#onPacket(packet, from),
      (bound) => {
        assert.ok(bound.ok);
        socket = bound.value;
      },
    );
    assert.ok(world.runUntil(() => socket !== undefined, 100));
    this.#socket = socket as unknown as PacketSocket;
  }

  #onPacket(packet: Uint8Array, from: Endpoint): void {
    this.packets.push(packet);
    if (!this.answersPings) return;
    for (const { sequence } of pingsIn([packet])) this.send(encodeAck(sequence, null), from);
  }

  /** Where it is. */
  get address(): Endpoint {
    return this.#socket.local;
  }

  /** Sends one packet. */
  send(packet: Uint8Array, to: Endpoint): void {
    this.#socket.send(packet, to);
  }

  /** Sends one packet and returns what comes back within `waitMs`. */
  ask(packet: Uint8Array, to: Endpoint, waitMs = 50): Uint8Array[] {
    const before = this.packets.length;
    this.send(packet, to);
    this.world.run(waitMs);
    return this.packets.slice(before);
  }

  /** Pings a fresh node until it has nothing left to tell, so that its next answers are bare. */
  hearOut(node: Member): void {
    for (let sequence = 1; node.list.queuedBroadcasts > 0; sequence++) {
      assert.ok(sequence < 100, 'the broadcasts come to an end');
      this.ask(ping(node.name, { sequence }), node.address, 5);
    }
  }

  /** Opens a stream. */
  dial(to: Endpoint): StrangeStream {
    return new StrangeStream(this.world, this.host, to);
  }

  /** Sends bytes on a stream and returns all that comes back, once the other side has ended. */
  askStream(bytes: Uint8Array, to: Endpoint): Uint8Array {
    const stream = this.dial(to);
    stream.write(bytes);
    assert.ok(
      this.world.runUntil(() => stream.ended, 60_000),
      'the other side ends the stream',
    );
    stream.destroy();
    return stream.received;
  }
}

/** One stream of a stranger. */
export class StrangeStream {
  /** The other side has ended or gone. */
  ended = false;
  #chunks: Uint8Array[] = [];
  readonly #stream: Stream;

  constructor(world: VirtualWorld, host: VirtualHost, to: Endpoint) {
    let isOpen = false;
    this.#stream = host.runtime.network.dial(to, 1_000, {
      onOpen: () => {
        isOpen = true;
      },
      onData: (chunk) => this.#chunks.push(chunk),
      onEnd: () => {
        this.ended = true;
      },
      onClosed: () => {
        this.ended = true;
      },
    });
    assert.ok(world.runUntil(() => isOpen, 1_000));
  }

  /** All that came back so far. */
  get received(): Uint8Array {
    return Uint8Array.from(this.#chunks.flatMap((chunk) => [...chunk]));
  }

  write(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  /** Ends our direction. */
  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
