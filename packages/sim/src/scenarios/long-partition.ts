// Half an hour in which nothing passes between the parts of a cluster: two, three, or every member for
// itself. Each takes all others for failed, and some really fail. Life goes on meanwhile: members are
// restarted, with nothing but a snapshot, and events are sent.

import { formatSettings } from '../script/settings.ts';
import { Chance } from './chance.ts';
import { oneClusterAgain } from './one-cluster-again.ts';

/** The long partition of a seed, as a script. */
export function longPartition(seed: number): readonly string[] {
  const chance = new Chance(seed);
  const nodes = chance.between(4, 12);
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const [first = '', second = '', ...others] = chance.shuffled(names);
  const [dead, restarted] = [others.filter(() => chance.holds(0.2)), names.filter(() => chance.holds(0.1))];
  return [
    formatSettings({ nodes, seed, snapshots: true, agents: chance.holds(0.5) }),
    ...split([first, second, ...others], chance).map((part) => `partition ${part.join(',')}`),
    `run ${chance.between(1_000, 60_000)}ms`,
    ...dead.map((name) => `crash ${name}`),
    `event ${first} apart 1`,
    `event ${second} apart 2`,
    `run ${chance.between(600_000, 900_000)}ms`,
    ...restarted.filter((name) => !dead.includes(name)).flatMap((name) => [`crash ${name}`, `start ${name}`]),
    `run ${chance.between(900_000, 1_200_000)}ms`,
    ...oneClusterAgain,
  ];
}

/** Everybody alone, or two or three parts; the first two are in different ones, so that nobody has all. */
function split(names: readonly string[], chance: Chance): readonly (readonly string[])[] {
  if (chance.holds(0.25)) return names.map((name) => [name]);
  const sides = chance.between(2, 3);
  const side = new Map(names.map((name, index) => [name, index < 2 ? index : chance.below(sides)]));
  const parts = Array.from({ length: sides }, (_, index) => names.filter((name) => side.get(name) === index));
  return parts.filter((part) => part.length > 0);
}
