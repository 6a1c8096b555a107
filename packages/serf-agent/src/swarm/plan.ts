// What a swarm is to be, from what the operator wrote: how many members, called what, listening where.
// On Linux all of 127.0.0.0/8 is this machine, so each member has an address of its own, as machines do;
// elsewhere they share one and have a port each. Next: swarm.ts.

import { formatIp, parseIp } from '@reeve/bytes';
import { defaultPort, type MemberlistConfig } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import type { Tags } from '@reeve/serf/core';
import { profileOf } from '../config/serf-config.ts';
import { parseHostPort } from '../host-port.ts';

/** The members of a swarm, and whom they join. */
export interface SwarmPlan {
  readonly members: readonly PlannedMember[];
  /** Addresses in a cluster that is there already. */
  readonly join: readonly string[];
  /** Whether the members know each other from the start. */
  readonly acquainted: boolean;
}

/** One member. */
export interface PlannedMember {
  readonly memberlist: MemberlistConfig;
  readonly tags: Tags;
}

/** What the operator wrote. */
export interface SwarmWish {
  readonly count: string;
  /** The address of the first member: `127.10.0.1`, `127.10.0.1:7946`. */
  readonly bind: string;
  /** One address for all, and a port each. */
  readonly samePlace: boolean;
  readonly namePrefix: string;
  readonly profile: string;
  readonly tags: Tags;
  readonly join: readonly string[];
  readonly acquainted: boolean;
}

/** Makes the plan. @throws Error, one sentence, when the wish makes no sense. */
export function planSwarm(wish: SwarmWish): SwarmPlan {
  const count = parseCount(wish.count);
  const places = placesFrom(wish.bind, count, wish.samePlace);
  const digits = String(count).length;
  const members = places.map((bind, index) => {
    const name = `${wish.namePrefix}${String(index + 1).padStart(digits, '0')}`;
    // Nobody here lacks bandwidth, and packing a thousand members' packets takes the processor they need.
    const memberlist = { ...profileOf(wish.profile, name), bind, compression: false };
    return { memberlist, tags: wish.tags };
  });
  return { members, join: wish.join, acquainted: wish.acquainted };
}

function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= membersMax) return count;
  throw new Error(`A swarm has 1 to ${membersMax} members, not "${text}"`);
}

function placesFrom(bind: string, count: number, samePlace: boolean): readonly Endpoint[] {
  const { host, port } = parseHostPort(bind, defaultPort);
  const address = parseIp(host);
  if (address === undefined) throw new Error(`Invalid bind address: "${host}" is no IP address`);
  return Array.from({ length: count }, (_, index) => {
    if (samePlace) return { host, port: port === 0 ? 0 : nthPort(port, index) };
    return { host: nthAddress(address, index), port };
  });
}

function nthPort(first: number, index: number): number {
  if (first + index <= portMax) return first + index;
  throw new Error(`From port ${first} on there are only ${portMax - first + 1} ports`);
}

/** Counts up in the last two bytes of an IPv4 address. */
function nthAddress(first: Uint8Array, index: number): string {
  const [a, b, c, d] = first;
  if (first.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error('Only IPv4 addresses are counted up; with -ports all members share the one of -bind');
  const low = c * 256 + d + index;
  const host = formatIp(Uint8Array.of(a, b, low >> 8, low & 0xff));
  if (low < 65_536 && host !== undefined) return host;
  const left = 65_536 - c * 256 - d;
  throw new Error(`From ${first.join('.')} on there are only ${left} addresses in ${a}.${b}.*.*`);
}

/** A process with more would be busy with its timers alone. */
const membersMax = 10_000;
const portMax = 65_535;
