// Which faults really happened. A run in which nothing went wrong proves nothing, however many faults were
// set: a loss of 1 % that met no packet is none. So it is counted where things happen.

import type { VirtualNetwork } from '@reeve/runtime/virtual';

/** What happened in a run, as numbers. */
export type Happened = { readonly [Key in (typeof happenings)[number]]: number };

/** Everything that is counted, in the order in which it is told. */
const happenings = [
  'packetsSent',
  'packetsLost',
  /** … because machines were separated. */
  'packetsCutOff',
  'packetsRepeated',
  /** An earlier one between the same machines arrived later. */
  'packetsOvertaking',
  'blocks',
  'crashes',
  /** Crashes that took bytes of files along. */
  'tornWrites',
  'diskFailures',
  'restarts',
  'moves',
  'leaves',
  /** Attempts of who joins until somebody answers. */
  'vainJoins',
  'scripts',
  'failedScripts',
  /** Lies of somebody who is no member. */
  'attacks',
  'suspicions',
  /** … of nodes that were running. */
  'wrongSuspicions',
  'deaths',
  'wrongDeaths',
] as const;

/** Counts what happens. */
export class Ledger {
  readonly #counts = new Map<keyof Happened, number>(happenings.map((key) => [key, 0]));

  /** Something happened. */
  count(what: keyof Happened): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** Counts what becomes of datagrams. */
  watch(network: VirtualNetwork): void {
    network.onPacket((_packet, from, to, travelMs) => {
      this.count('packetsSent');
      if (travelMs.length > 1) this.count('packetsRepeated');
      if (travelMs.length > 0) return;
      this.count(network.separated(from.host, to.host) ? 'packetsCutOff' : 'packetsLost');
    });
  }

  /** Counts datagrams that overtake others, which takes a number for each two machines. */
  watchOrder(network: VirtualNetwork, now: () => number): void {
    const lastArrival = new Map<string, number>();
    network.onPacket((_packet, from, to, travelMs) => {
      if (travelMs.length === 0) return;
      const way = `${from.host} ${to.host}`;
      const arrival = now() + Math.min(...travelMs);
      const latest = lastArrival.get(way) ?? 0;
      if (arrival < latest) this.count('packetsOvertaking');
      lastArrival.set(way, Math.max(latest, now() + Math.max(...travelMs)));
    });
  }

  /** All counts. */
  get happened(): Happened {
    return Object.fromEntries(this.#counts) as Happened;
  }
}

/** Whether a run met anything that a protocol has to stand: a lost packet, a separation, a death, a lie. */
export function provesSomething({ packetsLost, packetsCutOff, crashes, attacks }: Happened): boolean {
  return packetsLost + packetsCutOff + crashes + attacks > 0;
}

/** `17 of 2034 packets lost, 3 crashes`; only what happened. */
export function describeHappened(happened: Happened): string {
  const parts = happenings.flatMap((key) => {
    const count = happened[key];
    return key === 'packetsSent' || count === 0 ? [] : [`${count} ${words[key]}`];
  });
  return [`${happened.packetsSent} packets`, ...parts].join(', ');
}

const words: Readonly<Record<keyof Happened, string>> = {
  packetsSent: 'packets',
  packetsLost: 'lost',
  packetsCutOff: 'cut off',
  packetsRepeated: 'repeated',
  packetsOvertaking: 'overtaking',
  blocks: 'blocked processes',
  crashes: 'crashes',
  tornWrites: 'torn writes',
  diskFailures: 'failures of disks',
  restarts: 'restarts',
  moves: 'moves',
  leaves: 'leaves',
  vainJoins: 'joins in vain',
  scripts: 'scripts',
  failedScripts: 'of them failed',
  attacks: 'attacks',
  suspicions: 'suspicions',
  wrongSuspicions: 'of them wrong',
  deaths: 'deaths declared',
  wrongDeaths: 'of them wrong',
};
