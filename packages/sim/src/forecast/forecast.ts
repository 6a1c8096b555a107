// What settings will do: a cluster is simulated, something happens to it, and how that spread, what it cost
// and whom it hurt is summed up. The protocol is the real one; see simulation.ts.
//
//   const running = forecast({ nodes: 100, profile: profiles.lan, … });
//   let step = running.next();
//   while (!step.done) step = running.next();
//   console.log(step.value.spreads);
//
// Next: scenarios/, stage.ts, spread.ts.

import type { MemberlistConfig } from '@reeve/memberlist';
import { FalsePositiveCounter, type FalsePositives } from './false-positives.ts';
import { type ForecastScenario, forecastScenarios } from './scenarios/all.ts';
import type { Spread } from './spread.ts';
import { type ClusterSettings, Stage } from './stage.ts';
import { type Traffic, TrafficMeter } from './traffic.ts';

/** What is to be forecast. */
export interface ForecastOptions extends ClusterSettings {
  readonly scenario: ForecastScenario;
  /** How long the scenario is watched; by default as long as it usually takes. */
  readonly durationMs?: number | undefined;
  /** How many members fail, where some do: 1 to `nodes` - 1. */
  readonly kill: number;
}

/** What was found. */
export interface Forecast {
  readonly options: ForecastOptions;
  /** The settings of each member. */
  readonly memberlist: MemberlistConfig;
  readonly durationMs: number;
  readonly spreads: readonly Spread[];
  readonly traffic: Traffic;
  readonly falsePositives: FalsePositives;
}

/** How far a forecast has come, simulated milliseconds. */
export interface ForecastProgress {
  readonly doneMs: number;
  readonly totalMs: number;
}

/** Simulates a second a step. @throws Error when the protocol breaks, which is a bug. */
export function* forecast(options: ForecastOptions): Generator<ForecastProgress, Forecast> {
  const scenario = forecastScenarios[options.scenario];
  const durationMs = options.durationMs ?? scenario.usualMs;
  const totalMs = settleMs + durationMs;
  const stage = new Stage(options, scenario.newcomers);
  for (let doneMs = 0; doneMs < settleMs; doneMs += stepMs) {
    yield { doneMs, totalMs };
    pass(stage, stepMs);
  }
  const traffic = new TrafficMeter(stage.simulation);
  const falsePositives = new FalsePositiveCounter(stage);
  const finish = scenario.begin(stage, { durationMs, kill: options.kill });
  for (let doneMs = 0; doneMs < durationMs; doneMs += stepMs) {
    yield { doneMs: settleMs + doneMs, totalMs };
    pass(stage, Math.min(stepMs, durationMs - doneMs));
  }
  return {
    options,
    memberlist: options.profile('n1').memberlist,
    durationMs,
    spreads: finish(),
    traffic: traffic.finish(options.nodes),
    falsePositives: falsePositives.count,
  };
}

function pass({ simulation }: Stage, ms: number): void {
  simulation.run(ms);
  if (simulation.violation) throw new Error(simulation.violation.sentence);
}

const stepMs = 1_000;
/** Members announce themselves when they start; that is over by then. */
const settleMs = 5_000;
