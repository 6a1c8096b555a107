// The first line of a script: what is simulated.
//
//   nodes 5 seed 42 profile quick reclaim 3s snapshots encrypted operator apart agents retry 5s tries 3
//
// Everything but the number of nodes may be left out. `reclaim`: after so long a dead node may come back with
// another address. `operator`: somebody looks after the nodes. `apart`: they are not started; without it they
// are, and know each other before the next line. `agents`: they keep tags and keys in files, run scripts and
// tell of several events at once. `retry`: after each start they join one of the first three, again and again
// after so long; `tries`: that often, or for ever.

import { encodeBase64 } from '@reeve/bytes';
import { Keyring } from '@reeve/memberlist';
import { parseEventScripts } from '@reeve/serf/agent';
import { type AgentProfile, plainAgent } from '../cluster/agent-settings.ts';
import { dataDirectory } from '../cluster/node.ts';
import { type Profile, type ProfileName, profiles } from '../cluster/profiles.ts';
import { homeOf, Simulation } from '../simulation.ts';
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
  readonly agents: boolean;
  /** 0: they join only when they are told to. */
  readonly retryMs: number;
  /** 0: for ever. */
  readonly tries: number;
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
    agents: words.flag('agents'),
    retryMs: parseMs(words.option('retry') ?? '0s'),
    tries: Number(words.option('tries') ?? 0),
  };
  words.end();
  return settings;
}

/** The line that says this; what is left out is as it is without it: a LAN, and nothing special. */
export function formatSettings(settings: Pick<Settings, 'nodes' | 'seed'> & Partial<Settings>): string {
  const { nodes, seed, profile = 'lan', reclaimMs = 0, retryMs = 0, tries = 0 } = settings;
  const line = `nodes ${nodes} seed ${seed} profile ${profile} reclaim ${reclaimMs}ms`;
  const retry = retryMs > 0 ? [`retry ${retryMs}ms tries ${tries}`] : [];
  return [line, ...flagNames.filter((flag) => settings[flag]), ...retry].join(' ');
}

/** Makes the cluster. No time passes after `limitMs`. */
export function createSimulation(settings: Settings, limitMs?: number): Simulation {
  const { nodes, seed, operator: hasOperator, apart } = settings;
  const profile = profileOf(settings);
  const agent = agentOf(settings);
  const simulation = new Simulation({
    seed,
    nodes,
    profile,
    agent,
    hasOperator,
    ...(limitMs && { limitMs }),
  });
  if (!apart) simulation.form();
  return simulation;
}

function profileOf({ profile, reclaimMs, snapshots, encrypted, agents }: Settings): Profile {
  return (name) => {
    const config = profiles[profile](name);
    const memberlist = {
      ...config.memberlist,
      deadNodeReclaimMs: reclaimMs,
      ...(encrypted && !agents && { keyring: new Keyring([key]) }),
    };
    const snapshot = snapshots && { snapshotPath: `${dataDirectory}/snapshot` };
    const agent = agents && { ...coalescing, ...(encrypted && { keyringFile }) };
    return { ...config, memberlist, ...snapshot, ...agent, userEventSizeLimitBytes: eventBytesMax };
  };
}

function agentOf({ nodes, agents, encrypted, retryMs, tries }: Settings): AgentProfile {
  const contacts = Array.from({ length: Math.min(nodes, contactsMax) }, (_, index) => index + 1);
  return (name) => {
    const addresses = contacts.filter((number) => name !== `n${number}`).map(homeOf);
    const retryJoin = retryMs > 0 ? { addresses, intervalMs: retryMs, repetitionsMax: tries } : undefined;
    if (!agents) return { ...plainAgent, retryJoin };
    const keys = encrypted && { keyringFile, files: new Map([[keyringFile, keyringText]]) };
    return { ...plainAgent, tagsFile: `${dataDirectory}/tags`, ...keys, scripts, retryJoin };
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
const keyringFile = `${dataDirectory}/keyring`;
const keyringText = JSON.stringify([encodeBase64(key)]);
const flagNames = ['snapshots', 'encrypted', 'operator', 'apart', 'agents'] as const;
/** As the agent's configuration has it. */
const coalescing = {
  coalescePeriodMs: 3_000,
  quiescentPeriodMs: 1_000,
  userCoalescePeriodMs: 3_000,
  userQuiescentPeriodMs: 1_000,
};
const scripts = ['all', 'member-join,member-failed=members', 'user:small,query=some'].flatMap(
  parseEventScripts,
);
/** Of how many nodes `retry` knows the addresses. */
const contactsMax = 3;
