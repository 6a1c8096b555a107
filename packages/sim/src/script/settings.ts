// The first line of a script: what is simulated.
//
//   nodes 5 seed 42 profile quick reclaim 3s snapshots encrypted operator apart
//
// Everything but the number of nodes may be left out. `reclaim`: after so long a dead node may come back with
// another address. `operator`: somebody looks after the nodes. `apart`: they are not started; without it they
// are, and know each other before the next line.

import { Keyring } from '@reeve/memberlist';
import { dataDirectory } from '../cluster/node.ts';
import { type Profile, type ProfileName, profiles } from '../cluster/profiles.ts';
import { Simulation } from '../simulation.ts';
import { parseMs, type Words } from './words.ts';

/** What is simulated. */
export interface Settings {
  readonly nodes: number;
  readonly seed: number;
  readonly profile: ProfileName;
  /** 0: never before it is forgotten. */
  readonly reclaimMs: number;
  readonly snapshots: boolean;
  readonly encrypted: boolean;
  readonly operator: boolean;
  readonly apart: boolean;
}

/** Reads the line; its first word is taken already. @throws ScriptError */
export function parseSettings(words: Words): Settings {
  const profile = words.option('profile') ?? 'lan';
  if (!isProfile(profile)) throw words.error(`there is no profile "${profile}"`);
  const settings = {
    nodes: parseNumber(words, words.take('the number of nodes'), nodesMax),
    seed: parseNumber(words, words.option('seed') ?? '1', Number.MAX_SAFE_INTEGER),
    profile,
    reclaimMs: parseMs(words.option('reclaim') ?? '0s'),
    snapshots: words.flag('snapshots'),
    encrypted: words.flag('encrypted'),
    operator: words.flag('operator'),
    apart: words.flag('apart'),
  };
  words.end();
  return settings;
}

/** The line that says this; what is left out is as it is without it: a LAN, and nothing special. */
export function formatSettings(settings: Pick<Settings, 'nodes' | 'seed'> & Partial<Settings>): string {
  const { nodes, seed, profile = 'lan', reclaimMs = 0 } = settings;
  const flags = (['snapshots', 'encrypted', 'operator', 'apart'] as const).filter((flag) => settings[flag]);
  return [`nodes ${nodes} seed ${seed} profile ${profile} reclaim ${reclaimMs}ms`, ...flags].join(' ');
}

/** Makes the cluster. No time passes after `limitMs`. */
export function createSimulation(settings: Settings, limitMs?: number): Simulation {
  const { nodes, seed, operator: hasOperator, apart } = settings;
  const profile = profileOf(settings);
  const simulation = new Simulation({ seed, nodes, profile, hasOperator, ...(limitMs && { limitMs }) });
  if (!apart) simulation.form();
  return simulation;
}

function profileOf({ profile, reclaimMs, snapshots, encrypted }: Settings): Profile {
  return (name) => {
    const config = profiles[profile](name);
    const memberlist = {
      ...config.memberlist,
      deadNodeReclaimMs: reclaimMs,
      ...(encrypted && { keyring: new Keyring([key]) }),
    };
    const snapshot = snapshots && { snapshotPath: `${dataDirectory}/snapshot` };
    return { ...config, memberlist, ...snapshot, userEventSizeLimitBytes: eventBytesMax };
  };
}

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name);
}

function parseNumber(words: Words, text: string, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= max) return number;
  throw words.error(`"${text}" is no number from 1 to ${max}`);
}

/** The largest that serf allows: events larger than a packet are of interest. */
const eventBytesMax = 9_216;
const nodesMax = 10_000;
const key = Uint8Array.from({ length: 16 }, (_, index) => index);
