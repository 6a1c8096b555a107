// All members are gone at once – power fails, somebody deploys everywhere – and come back at times of their
// own: some when hardly anybody is there yet, some before their network is. Each had a snapshot; power takes
// those along that no disk had, but not all.

import { formatSettings } from '../script/settings.ts';
import { Chance } from './chance.ts';
import { oneClusterAgain } from './one-cluster-again.ts';

/** The mass restart of a seed, as a script. */
export function massRestart(seed: number): readonly string[] {
  const chance = new Chance(seed);
  const nodes = chance.between(3, 12);
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const keeper = chance.pick(names);
  const deaths = names.map((name) =>
    name === keeper || chance.holds(0.6) ? `crash ${name}` : `power-cut ${name} keep ${chance.below(100)}`,
  );
  const disconnected = names.filter(() => chance.holds(0.3)).map((name) => `partition ${name}`);
  const returns = chance.shuffled(names).map((name) => [`start ${name}`, `run ${chance.below(3_000)}ms`]);
  return [
    formatSettings({ nodes, seed, snapshots: true, agents: chance.holds(0.5) }),
    'event n1 before 1',
    `run ${chance.between(2_000, 20_000)}ms`,
    ...deaths,
    `run ${chance.between(1_000, 120_000)}ms`,
    ...disconnected,
    ...returns.flat(),
    `run ${chance.below(300_000)}ms`,
    ...oneClusterAgain,
  ];
}
