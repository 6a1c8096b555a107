// What `serf simulate` is asked for, from its flags and configuration files. Everything that cannot be
// simulated ends here, with the flag and what to write instead. Next: report.ts.

import { CommandFailure, type FlagTable, type FlagValues } from '@reeve/cli';
import { Keyring } from '@reeve/memberlist';
import type { Disk } from '@reeve/runtime';
import type { SerfConfig } from '@reeve/serf/core';
import { type ForecastOptions, type ForecastScenario, forecastScenarios } from '@reeve/sim';
import { readConfigPaths } from '../config/files.ts';
import { initialConfig, mergeConfig } from '../config/merge.ts';
import type { AgentConfig } from '../config/schema.ts';
import { encryptionKey, profileNames, serfConfig } from '../config/serf-config.ts';
import { errorText } from '../error-text.ts';

/** The flags that say what is simulated. */
export const planFlags = {
  nodes: { kind: 'int', default: 100, help: 'How many members, 2 to 20000.' },
  scenario: {
    kind: 'string',
    default: 'event',
    placeholder: 'name',
    help: `What happens: "event" (user events are sent), "failure" (members die), "join" (a new member comes)
      or "partition" (the network falls into halves for half of the time).`,
  },
  profile: {
    kind: 'string',
    placeholder: '[lan|wan|local]',
    help: 'Set of timings, as of "serf agent". That of -config-file, or "lan".',
  },
  'config-file': {
    kind: 'repeatable',
    placeholder: 'foo',
    help: 'JSON file with the settings of all members, as of "serf agent". Later files and -profile win.',
  },
  loss: { kind: 'string', default: '0%', placeholder: 'share', help: 'Share of packets that get lost: 5%.' },
  latency: {
    kind: 'duration',
    help: `How long a packet travels at least; up to half of it is added by chance. By default 1ms, 40ms with
      the profile "wan", 100us with "local".`,
  },
  kill: { kind: 'int', default: 1, help: 'How many members die at once in the scenario "failure".' },
  duration: {
    kind: 'duration',
    help: 'How much time is simulated. By default 60s, 180s for the scenario "partition".',
  },
  seed: {
    kind: 'int',
    default: 1,
    help: 'Decides everything that chance decides: the same seed gives the same result.',
  },
} as const satisfies FlagTable;

/** A forecast that can be made, and what only matters to people. */
export interface Plan {
  readonly options: ForecastOptions;
  readonly profileName: string;
}

/** Reads and checks. @throws CommandFailure with one sentence that says what to do. */
export async function readPlan(values: FlagValues<typeof planFlags>, disk: Disk): Promise<Plan> {
  const config = await readConfig(values, disk);
  const { nodes, kill, seed } = values;
  inRange('nodes', nodes, nodesMin, nodesMax);
  inRange('seed', seed, 0, seedMax);
  if (values.scenario === 'failure') inRange('kill', kill, 1, nodes - 1);
  return {
    profileName: config.profile,
    options: {
      nodes,
      kill,
      seed,
      scenario: scenarioOf(values.scenario),
      profile: (name) => memberConfig({ ...config, nodeName: name }),
      loss: shareOf(values.loss),
      latencyMs: latencyOf(values.latency, config.profile),
      durationMs: durationOf(values.duration),
    },
  };
}

async function readConfig(values: FlagValues<typeof planFlags>, disk: Disk): Promise<AgentConfig> {
  const layers = await readConfigPaths(values['config-file'], disk).catch((error: unknown) => {
    throw new CommandFailure(`-config-file: ${errorText(error)}`, { cause: error });
  });
  const config = layers.reduce(mergeConfig, initialConfig());
  const profile = values.profile || config.profile;
  if (!profileNames.includes(profile)) {
    throw new CommandFailure(`-profile: there is no profile "${profile}"; choose ${profileNames.join(', ')}`);
  }
  try {
    memberConfig({ ...config, profile, nodeName: 'n1' });
  } catch (cause) {
    throw new CommandFailure(`-config-file: ${errorText(cause)}`, { cause });
  }
  return { ...config, profile };
}

/** A member's settings, but nothing is held back from its application, and no files are kept. */
function memberConfig(config: AgentConfig): SerfConfig {
  const { memberlist, ...serf } = serfConfig(config, anywhere);
  const key = encryptionKey(config);
  return {
    ...serf,
    memberlist: { ...memberlist, keyring: key && new Keyring([key]) },
    coalescePeriodMs: 0,
    userCoalescePeriodMs: 0,
    snapshotPath: undefined,
    keyringFile: undefined,
  };
}

function scenarioOf(name: string): ForecastScenario {
  const names = Object.keys(forecastScenarios) as ForecastScenario[];
  const found = names.find((candidate) => candidate === name);
  if (found) return found;
  throw new CommandFailure(`-scenario: there is no scenario "${name}"; choose ${names.join(', ')}`);
}

/** `5%`, `5 %` or `0.05`. */
function shareOf(text: string): number {
  const [, digits = '', percent] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits !== '' && share <= lossMax) return share;
  throw new CommandFailure(`-loss: "${text}" is no share of packets; write 0% to ${100 * lossMax}%`);
}

function latencyOf(given: number, profile: string): number {
  const latencyMs = given === 0 ? (usualLatencyMs.get(profile) ?? 1) : given;
  if (latencyMs > 0 && latencyMs <= latencyMsMax) return latencyMs;
  throw new CommandFailure(`-latency: a packet travels more than 0 and at most ${latencyMsMax / 1_000}s`);
}

/** Undefined: as long as the scenario usually takes. */
function durationOf(given: number): number | undefined {
  if (given === 0) return undefined;
  if (given >= durationMsMin && given <= durationMsMax) return given;
  throw new CommandFailure('-duration: write a time from 1s to 24h');
}

function inRange(flag: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new CommandFailure(`-${flag}: ${value} is out of range; write a number from ${min} to ${max}`);
}

/** Where members of a simulation are is the simulation's to say. */
const anywhere = {
  bind: { host: '0.0.0.0', port: 7946 },
  advertise: undefined,
  chosenInterface: undefined,
};
const usualLatencyMs: ReadonlyMap<string, number> = new Map([
  ['lan', 1],
  ['wan', 40],
  ['local', 0.1],
]);
const nodesMin = 2;
const nodesMax = 20_000;
const seedMax = 2 ** 32 - 1;
const lossMax = 0.99;
const latencyMsMax = 60_000;
const durationMsMin = 1_000;
const durationMsMax = 24 * 3_600_000;
