// User events, one every five seconds, each from another member. Who sends one knows it at once.

import { decodeText } from '@reeve/bytes';
import { type News, spreadOf } from '../spread.ts';
import type { Stage } from '../stage.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** Events that everybody should hear. */
export const event: Scenario = { newcomers: 0, usualMs: 60_000, begin };

function begin(stage: Stage, { durationMs }: ScenarioOptions) {
  const { simulation, members } = stage;
  const startMs = simulation.now;
  const byPayload = new Map<string, News>();
  stage.listen((_viewer, told) => {
    if (told.kind === 'user') byPayload.get(decodeText(told.payload))?.heardAtMs.push(simulation.now);
  });
  const count = Math.max(1, Math.floor((durationMs - lastMs) / everyMs) + 1);
  for (let number = 0; number < count; number++) {
    simulation.at(startMs + number * everyMs, () => {
      const payload = String(number).padStart(payloadBytes, '0');
      byPayload.set(payload, { startMs: simulation.now, audience: members.length, heardAtMs: [] });
      stage.anyMember().event('forecast', payload);
    });
  }
  return () => [
    spreadOf('a user event reaches members', [...byPayload.values()], { gossip: stage.gossip() }),
  ];
}

const everyMs = 5_000;
/** The last one needs time to spread. */
const lastMs = 10_000;
const payloadBytes = 32;
