// The network falls into two halves that do not reach each other, for half of the time, and is healed. News
// is what each member believes of each one of the other half.

import { partition as cutApart } from '../../faults/separation.ts';
import { type News, spreadOf } from '../spread.ts';
import type { Stage } from '../stage.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** Halves that lose and find each other. */
export const partition: Scenario = { newcomers: 0, usualMs: 180_000, begin };

function begin(stage: Stage, { durationMs }: ScenarioOptions) {
  const { simulation, members } = stage;
  const startMs = simulation.now;
  const healMs = startMs + durationMs / 2;
  const half = members.slice(0, Math.floor(members.length / 2));
  const inHalf = new Set(half);
  const audience = 2 * half.length * (members.length - half.length);
  const lost: News = { startMs, audience, heardAtMs: [] };
  const found: News = { startMs: healMs, audience, heardAtMs: [] };
  // Who takes whom for failed. Bounded by the pairs.
  const failedTo = new Set<string>();
  stage.listen((viewer, told) => {
    if (told.kind !== 'member-failed' && told.kind !== 'member-join') return;
    for (const { name } of told.members) {
      if (inHalf.has(viewer) === inHalf.has(simulation.node(name))) continue;
      const pair = `${viewer.name} ${name}`;
      if (told.kind === 'member-join') {
        if (failedTo.delete(pair)) found.heardAtMs.push(simulation.now);
      } else if (!failedTo.has(pair)) {
        failedTo.add(pair);
        lost.heardAtMs.push(simulation.now);
      }
    }
  });
  simulation.set(cutApart(half.map(({ host }) => host)), durationMs / 2);
  return () => [
    spreadOf('members take those of the other half for failed', [lost]),
    spreadOf('after healing: members see those of the other half alive again', [
      { ...found, audience: lost.heardAtMs.length },
    ]),
  ];
}
