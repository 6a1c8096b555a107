// All measures, in the order of the tables. Serf: what a command costs, what an agent costs, what it carries,
// how fast a cluster is. Consul: reads, writes, queries, DNS, starts and failures.

import {
  consul187,
  consulMissing,
  type Program,
  peersMissing,
  reeve,
  reeveConsul,
  serf094,
  serf0101,
} from '@reeve/interop';
import type { Measure } from './measure.ts';
import { consulDns } from './measures/consul-dns.ts';
import { consulFailover } from './measures/consul-failover.ts';
import { consulGet } from './measures/consul-get.ts';
import { consulHealth } from './measures/consul-health.ts';
import { consulKeys } from './measures/consul-keys.ts';
import { consulPut } from './measures/consul-put.ts';
import { consulStart } from './measures/consul-start.ts';
import { consulWaiting } from './measures/consul-waiting.ts';
import { events } from './measures/events.ts';
import { failure } from './measures/failure.ts';
import { join } from './measures/join.ts';
import { memory } from './measures/memory.ts';
import { packets } from './measures/packets.ts';
import { quiet } from './measures/quiet.ts';
import { ready } from './measures/ready.ts';
import { rpc } from './measures/rpc.ts';
import { spread } from './measures/spread.ts';
import { start } from './measures/start.ts';

/** Programs that are measured beside each other: one table. */
export interface Suite {
  /** Ours first. */
  readonly programs: readonly Program[];
  readonly measures: readonly Measure[];
  /** Why it cannot run; false when it can. */
  readonly missing: () => string | false;
}

/** Every measure. */
export const suites: readonly Suite[] = [
  {
    programs: [reeve, serf094, serf0101],
    measures: [start, ready, memory, quiet, packets, rpc, events, spread, failure, join],
    missing: peersMissing,
  },
  {
    programs: [reeveConsul, consul187],
    measures: [
      consulGet,
      consulPut,
      consulHealth,
      consulDns,
      consulWaiting,
      consulStart,
      consulFailover,
      consulKeys,
    ],
    missing: consulMissing,
  },
];

/** The suites with those of their measures that any word chooses, or with all if there is none. */
export function chooseMeasures(words: readonly string[]): readonly Suite[] {
  const isChosen = ({ name }: Measure): boolean =>
    words.length === 0 || words.some((word) => isNamedBy(name, word));
  return suites
    .map((suite) => ({ ...suite, measures: suite.measures.filter(isChosen) }))
    .filter(({ measures }) => measures.length > 0);
}

/** Why words choose nothing; undefined if each of them chooses something. */
export function unknownMeasure(words: readonly string[]): string | undefined {
  const known = suites.flatMap(({ measures }) => measures.map(({ name }) => name));
  const unknown = words.find((word) => !known.some((name) => isNamedBy(name, word)));
  return unknown === undefined
    ? undefined
    : `There is no measure "${unknown}"; there are ${known.join(', ')}.`;
}

/** Its own name does, and the beginning of it: `consul` means all that begin with `consul-`. */
function isNamedBy(name: string, word: string): boolean {
  return name === word || name.startsWith(`${word}-`);
}
