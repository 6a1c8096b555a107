// Simulated clusters: users take their own cluster's size and faults, and the real protocol runs on virtual
// time, with every step checked.
//
//   const simulation = new Simulation({ seed: 7, nodes: 5 });
//   simulation.form();
//   simulation.set(combined(loss(0.2), latency(logNormal(20, 1))), 30_000);
//   simulation.node('n2').crash();
//   simulation.run(60_000);
//   simulation.settle(60_000);
//   console.log(simulation.violation ?? describeHappened(simulation.happened));
//
// Start reading at simulation.ts. The same as text: script/commands.ts.

export { Attacker } from './attacker/attacker.ts';
export { type Attack, type AttackName, attacks } from './attacker/attacks.ts';
export { allCheckers } from './checkers/all.ts';
export type { Checker, Verdict } from './checkers/checker.ts';
export { type AgentProfile, type AgentSettings, plainAgent } from './cluster/agent-settings.ts';
export type { Belief, BeliefChange, Beliefs } from './cluster/beliefs.ts';
export { CommonKnowledge } from './cluster/common-knowledge.ts';
export type { LogLine, SimNode } from './cluster/node.ts';
export { type Profile, type ProfileName, profiles } from './cluster/profiles.ts';
export { duplication } from './faults/duplication.ts';
export { combined, everyWay, type Fault, type FaultSite, type Way } from './faults/fault.ts';
export { constant, type Distribution, exponential, latency, logNormal, uniform } from './faults/latency.ts';
export { describeHappened, type Happened, provesSomething } from './faults/ledger.ts';
export { loss } from './faults/loss.ts';
export { reordering } from './faults/reordering.ts';
export { cut, partition } from './faults/separation.ts';
export type { FalsePositives } from './forecast/false-positives.ts';
export { type Forecast, type ForecastOptions, type ForecastProgress, forecast } from './forecast/forecast.ts';
export { type ClassicGossip, classicShare, classicTimeMs } from './forecast/formula.ts';
export { forecastPage, type PageFact } from './forecast/page/page.ts';
export { type ForecastScenario, forecastScenarios } from './forecast/scenarios/all.ts';
export type { Spread, SpreadPoint, SpreadRow } from './forecast/spread.ts';
export type { ClusterSettings } from './forecast/stage.ts';
export type { Traffic } from './forecast/traffic.ts';
export { describeMoment } from './moment.ts';
export { describeReport, describeViolation, type RunReport, replayLine, run } from './run.ts';
export { type Scenario, type ScenarioName, scenarios } from './scenarios/all.ts';
export { storm } from './scenarios/storm.ts';
export { perform } from './script/commands.ts';
export { runScript } from './script/run-script.ts';
export { retellTranscript } from './script/transcript.ts';
export { parseMs, ScriptError } from './script/words.ts';
export { Simulation, type SimulationOptions, type Violation } from './simulation.ts';
