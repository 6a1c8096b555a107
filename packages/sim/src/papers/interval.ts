// The interval experiment of the Lifeguard paper (section V): some members are cut off from their messages
// again and again, for two minutes, and all the others run. Nobody dies, so who runs undisturbed and is
// declared dead is a false positive. Next: grid.ts, for which cells there are.

import { type ArmName, arms } from './arms.ts';
import { Group, type GroupMember, type Load } from './group.ts';

/** How some members are disturbed. */
export interface Anomaly {
  /** How many members, all at the same times. */
  readonly concurrent: number;
  /** How long messages wait each time. */
  readonly durationMs: number;
  /** How long they pass in between. */
  readonly intervalMs: number;
  /** Whether a member that wants to send stands still until they pass. Default: it goes on. */
  readonly stopsAtSend?: boolean;
}

/** One run. */
export interface IntervalRun extends Anomaly {
  readonly arm: ArmName;
  readonly members: number;
  readonly seed: number;
}

/** What came of it. */
export interface IntervalResult extends Load {
  /** Verdicts about members that ran undisturbed. */
  readonly falsePositives: number;
  /** … by members that did so, too. */
  readonly falsePositivesAtHealthy: number;
  /** Verdicts about disturbed members, which are right, or at least excusable. */
  readonly detections: number;
}

/** Runs one cell of the grid once. */
export function runInterval({ arm, members, seed, ...anomaly }: IntervalRun): IntervalResult {
  const group = new Group({ seed, members, config: arms[arm] });
  group.form();
  const disturbed = new Set(group.pick(anomaly.concurrent));
  disturb(group, disturbed, anomaly);
  const falsely = group.verdicts.filter(({ about }) => !disturbed.has(about));
  return {
    ...group.load,
    falsePositives: falsely.length,
    falsePositivesAtHealthy: falsely.filter(({ by }) => !disturbed.has(by)).length,
    detections: group.verdicts.length - falsely.length,
  };
}

function disturb({ world }: Group, disturbed: Iterable<GroupMember>, anomaly: Anomaly): void {
  const endMs = world.now + lastsMs;
  while (world.now < endMs) {
    for (const { host } of disturbed) host.blockMessages(anomaly.durationMs, anomaly);
    world.run(Math.min(anomaly.durationMs + anomaly.intervalMs, endMs - world.now));
  }
}

const lastsMs = 120_000;
