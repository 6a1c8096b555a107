// The programs that meet in these tests: two releases of the real Serf, a Consul, and ours. Those of a kind
// take the same arguments and print the same output, so that a test does not care which one it drives.

import { fileURLToPath } from 'node:url';

/** One of these programs. */
export interface Program {
  /** For people: `Serf 0.9.4`. */
  readonly title: string;
  /** Its executable; empty when it was not given. */
  readonly path: string;
  /** What its agents, but not its other commands, find in their environment besides ours. */
  readonly agentEnv?: Readonly<Record<string, string>>;
}

/** Debian 12's Serf, with memberlist 0.2: the oldest we promise to work with. */
export const serf094: Program = { title: 'Serf 0.9.4', path: process.env.SERF_BIN ?? '' };

/** Debian 13's Serf, with memberlist 0.5. */
export const serf0101: Program = { title: 'Serf 0.10.1', path: process.env.SERF_BIN_0_10 ?? '' };

/** Debian's Consul. */
export const consul187: Program = { title: 'Consul 1.8.7', path: process.env.CONSUL_BIN ?? '' };

/** The program of this repository, bundled. */
export const reeve: Program = {
  title: 'Reeve',
  path: fileURLToPath(new URL('../../../bin/serf', import.meta.url)),
};

/** Its `consul`, bundled. */
export const reeveConsul: Program = {
  title: 'Reeve',
  path: fileURLToPath(new URL('../../../bin/consul', import.meta.url)),
};

/** Why tests against the real programs cannot run, for `{ skip }`; false when they can. */
export function peersMissing(): string | false {
  const missing = [serf094.path || 'SERF_BIN', serf0101.path || 'SERF_BIN_0_10'].filter((name) =>
    name.startsWith('SERF_BIN'),
  );
  return missing.length > 0 && `needs the real programs: set ${missing.join(' and ')}`;
}

/** Why tests against the real Consul cannot run, for `{ skip }`; false when they can. */
export function consulMissing(): string | false {
  return consul187.path === '' && 'needs the real program: set CONSUL_BIN';
}
