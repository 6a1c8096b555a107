// What `npm run sim` can simulate. Clusters of serf agents are a package, packages/sim; Consul's servers are
// simulated where they are tested, because that is built on the whole server, which nothing lies above.

import { join } from 'node:path';
import { rootFolder } from './bootstrap.mjs';

/** The scenario of Consul's servers. */
export const consulScenario = 'consul';

/** The simulator of serf agents. */
export const simEntry = join(rootFolder, 'packages/sim/dist/index.js');

/** What has to be compiled for a scenario. */
export function projectsOf(scenario) {
  return ['packages/sim', ...(scenario === consulScenario ? ['packages/consul/test'] : [])];
}

/**
 * How `{ scenario, servers }` is run and told: `simulate(seed)` gives a report with `lastedMs`, `happened`,
 * `provesSomething` and, when something did not hold, `violation`; the others make text of it.
 */
export function loadWorld(wish) {
  return wish.scenario === consulScenario ? loadConsul(wish) : loadGossip(wish.scenario);
}

/** The line that shows a seed again. */
export function againLine({ scenario, servers }, seed) {
  const number = servers === undefined ? '' : `--servers ${servers} `;
  return `npm run sim -- --scenario ${scenario} ${number}--seed ${seed}`;
}

async function loadConsul(wish) {
  const { servers } = wish;
  const consul = await import(join(rootFolder, 'packages/consul/dist-test/simulation/run.js'));
  return {
    simulate: (seed) => consul.runStorm(seed, { servers }),
    describe: consul.describeReport,
    describeHappened: consul.describeHappened,
    complain: ({ violation }) => `failed: ${violation}`,
    again: (seed) => againLine(wish, seed),
  };
}

async function loadGossip(scenario) {
  const sim = await import(simEntry);
  return {
    simulate: (seed) => sim.run(sim.scenarios[scenario](seed)),
    describe: sim.describeReport,
    describeHappened: sim.describeHappened,
    complain: ({ violation }) => sim.describeViolation(violation),
    again: (seed, { violation }) => sim.replayLine(seed, violation, scenario),
  };
}
