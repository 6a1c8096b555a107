// Clusters of members in a virtual world. The machines are 10.0.0.1, 10.0.0.2 … and their members n1, n2 …

import assert from 'node:assert/strict';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { Member, type MemberOptions } from './member.ts';

/** A world and the members started in it. */
export class Cluster {
  readonly world: VirtualWorld;
  readonly members: Member[] = [];
  readonly #options: MemberOptions;

  /** `options` hold for all members that are not given others. */
  constructor(options: MemberOptions = {}, seed = 1) {
    this.world = new VirtualWorld({ seed });
    this.#options = options;
  }

  /** A new machine with a member on it, started and alone. */
  start(options: MemberOptions = {}): Member {
    const number = this.members.length + 1;
    const host = this.world.host(`10.0.${number >> 8}.${number & 255}`);
    const merged: MemberOptions = {
      config: { ...this.#options.config, ...options.config },
      delegate: { ...this.#options.delegate, ...options.delegate },
    };
    const member = new Member(this.world, host, `n${number}`, merged).start();
    this.members.push(member);
    return member;
  }

  /** Starts so many members and joins each to the first; returns when all know all. */
  grow(count: number): Member[] {
    const grown = Array.from({ length: count }, () => this.start());
    const [seed] = this.members;
    for (const member of grown) {
      if (member !== seed && seed) assert.equal(member.join(seed.host.ip).joined, 1);
    }
    this.awaitAgreement(60_000);
    return grown;
  }

  /** Waits until each of these members takes exactly these for members. */
  awaitAgreement(limitMs: number, members: readonly Member[] = this.members): void {
    const names = members.map(({ name }) => name).sort();
    const agree = () => members.every((member) => same(member.memberNames, names));
    assert.ok(this.world.runUntil(agree, limitMs), `${names.length} members agree within ${limitMs} ms`);
  }
}

/** A cluster of `count` members that all know each other. */
export function clusterOf(count: number, options: MemberOptions = {}, seed = 1): Cluster {
  const cluster = new Cluster(options, seed);
  cluster.grow(count);
  return cluster;
}

/** The member at an index, which must be there. */
export function at(cluster: Cluster, index: number): Member {
  const member = cluster.members[index];
  assert.ok(member);
  return member;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
