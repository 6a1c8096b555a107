// What an attacker can do to a cluster without its key: the lies that a member may tell, told by somebody who
// is none. About one victim each, to everybody. What the original dies of, or believes for long, is here.

import { parseIp } from '@reeve/bytes';
import type { SimNode } from '../cluster/node.ts';
import { type Attacker, attackerIp } from './attacker.ts';
import { bundle, type Forged, forge, forgeState, forgeUser } from './wire/forge.ts';

/** One attack on some nodes, who all hear a lie about one of them. */
export type Attack = (attacker: Attacker, nodes: readonly SimNode[], victim: SimNode) => void;

/** Names of attacks. */
export type AttackName = keyof typeof attacks;

/** All attacks. */
export const attacks = {
  /** Accusations with incarnations that leave no number, or one, to refute them with. */
  accuse: (attacker, nodes, victim) => {
    const accusations = [incarnationMax, incarnationMax - 1].flatMap((Incarnation) =>
      (['suspect', 'dead'] as const).map((type) =>
        forge(type, { From: 'somebody', Incarnation, Node: victim.name }),
      ),
    );
    attacker.send(ipsOf(nodes), accusations);
  },

  /** A goodbye that the victim never said. */
  goodbye: (attacker, nodes, victim) => attacker.send(ipsOf(nodes), [goodbye(victim)]),

  /** The same, and at once somebody with its name at another address. */
  takeover: (attacker, nodes, victim) => {
    const elsewhere = alive(victim.name, { Incarnation: incarnationOf(victim) + 1 });
    attacker.send(ipsOf(nodes), [bundle([goodbye(victim), elsewhere]), elsewhere]);
  },

  /** The victim at another address, with incarnations nobody can exceed. */
  elsewhere: (attacker, nodes, victim) => {
    const claims = [1, incarnationMax - 1, incarnationMax];
    attacker.send(
      ipsOf(nodes),
      claims.map((Incarnation) => alive(victim.name, { Incarnation })),
    );
  },

  /** The victim as it is, but with incarnations nobody can exceed. */
  lift: (attacker, nodes, victim) => {
    const Addr = parseIp(victim.host.ip) ?? nothing;
    const claims = [incarnationMax, incarnationMax - 1];
    attacker.send(
      ipsOf(nodes),
      claims.map((Incarnation) => alive(victim.name, { Addr, Incarnation })),
    );
  },

  /** "The victim leaves", by gossip, late enough to count; half of the time it is to be forgotten, too. */
  leave: (attacker, nodes, victim) => {
    const times = [attacker.random.below(1_000), 2 ** 40, { below2To64: 1 }];
    const Prune = attacker.random.float() < 0.5;
    attacker.send(
      ipsOf(nodes),
      times.map((LTime) => forgeUser('leave', { LTime, Node: victim.name, Prune })),
    );
  },

  /** Events, queries and intents from the end of time. */
  'last-times': (attacker, nodes, victim) => {
    const times: readonly Forged[] = [2 ** 53 - 2, 2 ** 53 - 1, { below2To64: 2 ** 31 }, { below2To64: 1 }];
    attacker.send(
      ipsOf(nodes),
      times.flatMap((LTime) => [
        forgeUser('event', { CC: false, LTime, Name: 'forged', Payload: nothing }),
        forgeUser('join', { LTime, Node: victim.name }),
        forgeUser('query', { ...query, LTime }),
      ]),
    );
  },

  /** The victim, and somebody new, with version vectors of zeros, of none, and of all there is. */
  versions: (attacker, nodes, victim) => {
    const Addr = parseIp(victim.host.ip) ?? nothing;
    const vectors = [
      new Uint8Array(6),
      nothing,
      new Uint8Array(255).fill(255),
      Uint8Array.of(1, 5, 9, 9, 1, 0),
    ];
    const packets = vectors.flatMap((Vsn, index) => [
      alive(victim.name, { Addr, Incarnation: incarnationOf(victim) + 1, Vsn }),
      alive(`versions${index}`, { Vsn }),
    ]);
    attacker.send(ipsOf(nodes), packets);
  },

  /** Whatever was said lately, once more and to everybody. */
  replay: (attacker, nodes) => attacker.send(ipsOf(nodes), attacker.heard),

  /** Members that do not exist, more than a node takes in from strangers. */
  invent: (attacker, nodes) => {
    const crowd = attacker.random.below(2 ** 31);
    const packets = Array.from({ length: 200 }, (_, packet) =>
      bundle(Array.from({ length: 15 }, (__, member) => alive(`invented-${crowd}-${packet}-${member}`, {}))),
    );
    attacker.send(ipsOf(nodes), packets);
  },

  /** A state in which the victim has left, or died, and many live who do not exist. */
  state: (attacker, nodes, victim) => {
    const Addr = parseIp(victim.host.ip) ?? nothing;
    const crowd = Array.from({ length: 500 }, (_, index) => nodeInState(`state-${index}`, {}));
    const State = 1 + attacker.random.below(3);
    const lie = nodeInState(victim.name, { Addr, Incarnation: incarnationMax - 1, State });
    attacker.push(ipsOf(nodes), forgeState([lie, ...crowd]));
  },

  /** The victim alone is told that everybody's clocks, and an event, are far ahead. */
  clocks: (attacker, _nodes, victim) => {
    const LTime = 2 ** 50;
    const Events = [{ LTime, Events: [{ Name: 'forged', Payload: nothing }] }];
    const clocks = { LTime, EventLTime: LTime, QueryLTime: LTime, StatusLTimes: {}, LeftMembers: [] };
    attacker.push([victim.host.ip], forgeState([], { ...clocks, Events }));
  },

  /** Bytes that mean nothing, and the first halves of messages. */
  garbage: (attacker, nodes) => {
    const noise = Array.from({ length: 200 }, (_, index) =>
      Uint8Array.from({ length: 1 + attacker.random.below(300) }, (__, at) =>
        at === 0 ? index : attacker.random.below(256),
      ),
    );
    const halves = attacker.heard
      .slice(0, 200)
      .map((packet) => packet.subarray(0, attacker.random.below(packet.length)));
    attacker.send(ipsOf(nodes), [...noise, ...halves]);
    for (const bytes of noise.slice(0, 20)) attacker.push(ipsOf(nodes), bytes);
  },
} satisfies Record<string, Attack>;

function ipsOf(nodes: readonly SimNode[]): readonly string[] {
  return nodes.map(({ host }) => host.ip);
}

function incarnationOf({ name, serf }: SimNode): number {
  return serf?.gossipNodes.find((node) => node.name === name)?.incarnation ?? 1;
}

/** A dead message in the victim's own name. */
function goodbye(victim: SimNode): Uint8Array {
  return forge('dead', { From: victim.name, Incarnation: incarnationOf(victim), Node: victim.name });
}

function alive(Node: string, fields: Readonly<Record<string, Forged>>): Uint8Array {
  return forge('alive', { ...place, Incarnation: 1, Meta: nothing, Node, ...fields });
}

function nodeInState(
  Name: string,
  fields: Readonly<Record<string, Forged>>,
): Readonly<Record<string, Forged>> {
  return { ...place, Incarnation: 1, Meta: nothing, Name, State: 0, ...fields };
}

const nothing = new Uint8Array();
const incarnationMax = 2 ** 32 - 1;
const place = {
  Addr: parseIp(attackerIp) ?? nothing,
  Port: 7946,
  Vsn: Uint8Array.of(1, 5, 2, 2, 5, 5),
};
const query = {
  Addr: place.Addr,
  Filters: [],
  Flags: 0,
  ID: 1,
  Name: 'forged',
  Payload: nothing,
  Port: 7946,
  RelayFactor: 0,
  SourceNode: '',
  Timeout: 1_000_000_000,
};
