// Agents that nobody looks after: each joins one of the first three until somebody answers, and those may
// come up last, so some give up. They run scripts, keep tags in files, lose their power, leave and come back,
// with full disks and a poor network; then all is well, and within a minute there is one cluster in which
// everybody has the tags it was given last.

import { formatSettings } from '../script/settings.ts';
import { Chance } from './chance.ts';

/** The agents of a seed, as a script. */
export function agents(seed: number): readonly string[] {
  const chance = new Chance(seed);
  const nodes = chance.between(3, 8);
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const settings = formatSettings({
    nodes,
    seed,
    profile: chance.holds(0.7) ? 'quick' : 'lan',
    snapshots: chance.holds(0.7),
    encrypted: chance.holds(0.3),
    apart: true,
    agents: true,
    retryMs: chance.between(500, 15_000),
    tries: chance.holds(0.3) ? chance.between(1, 8) : 0,
  });
  const starts = chance.shuffled(names).flatMap((name) => [`start ${name}`, run(chance, 10_000)]);
  const troubles = Array.from({ length: chance.between(5, 15) }, (_, index) =>
    trouble(chance, chance.pick(names), index + 1),
  );
  return [settings, ...starts, ...troubles.flat(), ...heal, ...names.map((name) => `start ${name}`), ...calm];
}

/** Something that happens to an agent, and some time after it. */
function trouble(chance: Chance, name: string, number: number): readonly string[] {
  const back = [run(chance, 15_000), `start ${name}`];
  const kinds = [
    [`tags ${name} role=r${number}`],
    [`tags ${name} role=r${number}`, `run ${chance.below(3)}ms`, `crash ${name}`, ...back],
    [`tags ${name} role=r${number}`, 'run 2s', `power-cut ${name} keep ${chance.below(100)}`, ...back],
    [`disk ${name} ENOSPC for ${chance.between(100, 5_000)}ms`, `tags ${name} role=r${number}`],
    [`crash ${name}`, ...back],
    [`leave ${name}`, 'run 5s', ...back],
    [`event ${name} small ${number}`, `event ${name} large ${number}`],
    [`query ${name} q${number}`],
    [`block ${name} for ${chance.between(100, 5_000)}ms`],
    [`partition ${name} for ${chance.between(1_000, 20_000)}ms`],
    [`loss ${chance.between(5, 40)}% for ${chance.between(1_000, 10_000)}ms`],
  ];
  return [...chance.pick(kinds), run(chance, 5_000)];
}

function run(chance: Chance, maxMs: number): string {
  return `run ${chance.between(1, maxMs)}ms`;
}

/** Probes that began in trouble may fail for some seconds. */
const heal = ['heal', 'run 10s'] as const;
const calm = ['settle 60s', 'event anyone calm', 'rest 10s', 'settle 60s'] as const;
