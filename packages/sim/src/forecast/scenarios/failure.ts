// Members die at once, without a word. The others find out by probing, then tell each other.

import { type News, spreadOf } from '../spread.ts';
import type { Stage } from '../stage.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** Deaths that everybody should notice. */
export const failure: Scenario = { newcomers: 0, usualMs: 60_000, begin };

function begin(stage: Stage, { kill }: ScenarioOptions) {
  const { simulation, members } = stage;
  const startMs = simulation.now;
  const audience = members.length - kill;
  const deaths = new Map<string, News>();
  while (deaths.size < kill) {
    const victim = stage.anyMember();
    if (!victim.isRunning) continue;
    victim.crash();
    deaths.set(victim.name, { startMs, audience, heardAtMs: [] });
  }
  stage.listen((_viewer, told) => {
    if (told.kind !== 'member-failed') return;
    for (const { name } of told.members) deaths.get(name)?.heardAtMs.push(simulation.now);
  });
  return () => {
    const news = [...deaths.values()];
    const sinceFirst = news.map((one) => ({ ...one, startMs: one.heardAtMs[0] ?? one.startMs }));
    return [
      spreadOf('members know that one has died', news, { withFirst: true }),
      spreadOf('the same, since the first one knew', sinceFirst, { gossip: stage.gossip(kill) }),
    ];
  };
}
