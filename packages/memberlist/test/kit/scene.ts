// The smallest scene for a rule: one node, and a stranger that can play any other member.

import { parseIp } from '@reeve/bytes';
import { VirtualWorld } from '@reeve/runtime/virtual';
import type { Alive } from '../../dist/core/wire/messages.js';
import { Member, type MemberOptions } from './member.ts';
import { alive } from './messages.ts';
import { Stranger } from './stranger.ts';

/**
 * `n1` at 10.0.0.1, without compression, and a stranger at 10.9.9.9. Until a second has passed, nobody is
 * probed.
 */
export class Scene {
  readonly world = new VirtualWorld({ seed: 1 });
  readonly stranger = new Stranger(this.world, '10.9.9.9');
  readonly node: Member;

  constructor(options: MemberOptions = {}) {
    const config = { compression: false, ...options.config };
    this.node = new Member(this.world, this.world.host('10.0.0.1'), 'n1', { ...options, config }).start();
  }

  /** Sends a packet to the node and lets it arrive. */
  tell(packet: Uint8Array): void {
    this.stranger.send(packet, this.node.address);
    this.world.run(5);
  }

  /** Makes the stranger a member: from now on it gets gossip. */
  introduce(name: string, more: Partial<Alive> = {}): void {
    this.tell(alive(name, 1, more));
  }

  /** What the stranger hears in the next while. */
  listen(forMs: number): Uint8Array[] {
    const before = this.stranger.packets.length;
    this.world.run(forMs);
    return this.stranger.packets.slice(before);
  }
}

/** The bytes of an address. */
export function addressBytes(text: string): Uint8Array {
  return parseIp(text) ?? new Uint8Array(0);
}
