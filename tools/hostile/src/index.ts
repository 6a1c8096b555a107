// Hostile input by class, and trials of agents with it. Start with corpus.ts.

export { probedConsul, probedReeve } from './agents/probed-agent.ts';
export { attack, endpointOf, victimOf } from './attack.ts';
export { consulCorpus } from './consul/corpus.ts';
export {
  type ConsulFinding,
  consulRow,
  consulTableHead,
  isHarmlessToConsul,
  tryConsulClass,
  withServer,
} from './consul/trial.ts';
export { corpus } from './corpus.ts';
export { type HostileClass, type Input, type Scene, stream, type Victim } from './hostile-class.ts';
export { isHarmless, tableHead, tableRow } from './report.ts';
export { type Finding, type Pair, type TrialOptions, tryClass } from './trial.ts';
