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
 * How a scenario is run and told: `simulate(seed)` gives a report with `lastedMs`, `happened`,
 * `provesSomething` and, when something did not hold, `violation`; the others make text of it.
 */
export function loadWorld(scenario) {
  return scenario === consulScenario ? loadConsul() : loadGossip(scenario);
}

async function loadConsul() {
  const consul = await import(join(rootFolder, 'packages/consul/dist-test/simulation/run.js'));
  return {
    simulate: (seed) => consul.runStorm(seed),
    describe: consul.describeReport,
    describeHappened: consul.describeHappened,
    complain: ({ violation }) => `failed: ${violation}`,
    again: (seed) => `npm run sim -- --scenario ${consulScenario} --seed ${seed}`,
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
